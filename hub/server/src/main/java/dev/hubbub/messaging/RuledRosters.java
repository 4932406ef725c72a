package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.presence.Presence;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads rosters for who may see them. */
final class RuledRosters implements Rosters {
    private final Supplier<PermissionRules> rules;
    private final Presence presence;
    private final Meters meters;

    RuledRosters(Supplier<PermissionRules> rules, Presence presence, Meters meters) {
        this.rules = rules;
        this.presence = presence;
        this.meters = meters;
    }

    @Override
    public Future<RosterPage> roster(Caller caller, String text, int limit, Optional<String> after) {
        try {
            Address address = new Address(text);
            refuseUnlessVisible(caller, address);
            return presence.read(address, Math.max(1, Math.min(limit, MAX_PAGE)), after)
                    .map(page -> new RosterPage(
                            address, page.users(), page.devices(), new JsonArray(page.roster()), page.more()));
        } catch (HubException refusal) {
            meters.refused(refusal.code());
            return Future.failedFuture(refusal);
        }
    }

    private void refuseUnlessVisible(Caller caller, Address address) {
        PermissionRules now = rules.get();
        Optional<AddressRule> rule = now.rule(address);
        boolean keepsNone = rule.isPresent() && rule.get().presence().isEmpty();
        if (keepsNone && now.allows(caller, Action.SUBSCRIBE, address)) {
            throw new HubException(
                    ErrorCode.NOT_FOUND, "no roster is kept of " + address + ": its rule has no presence");
        }
        if (!now.allows(caller, Action.PRESENCE, address)) {
            throw new HubException(ErrorCode.ACCESS_DENIED, "you may not see who is at " + address);
        }
    }
}
