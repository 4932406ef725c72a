package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.bus.ServiceCalls;
import dev.hubbub.config.AddressRule;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends requests to services, or publishes and answers, as the rule of the address says. */
final class RuledRequests implements Requests {
    /** A service that needs longer should answer at once and publish its result. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,128}");

    static final String HEADER_PREFIX = "hub-";
    static final String USER_HEADER = "hub-user";
    static final String CLAIMS_HEADER = "hub-claims";
    static final String CONNECTION_HEADER = "hub-connection";

    private final Supplier<PermissionRules> rules;
    private final ServiceCalls services;
    private final Publisher publisher;
    private final Meters meters;

    RuledRequests(Supplier<PermissionRules> rules, ServiceCalls services, Publisher publisher, Meters meters) {
        this.rules = rules;
        this.services = services;
        this.publisher = publisher;
        this.meters = meters;
    }

    @Override
    public Future<@Nullable Object> send(
            Caller.User caller,
            ConnectionId connection,
            String text,
            @Nullable Object body,
            Map<String, String> headers) {
        if (!Address.isValid(text)) {
            return publish(caller, connection, text, body, headers); // refused there, with the same words as everywhere
        }
        Address address = new Address(text);
        Optional<AddressRule> rule = rules.get().rule(address);
        boolean isService = rule.isPresent() && rule.get().send().isPresent();
        if (!isService) {
            return publish(caller, connection, text, body, headers);
        }
        if (!rules.get().allows(caller, Action.SEND, address)) {
            meters.refused(ErrorCode.ACCESS_DENIED);
            return Future.failedFuture(
                    new HubException(ErrorCode.ACCESS_DENIED, "you may not send requests to " + address));
        }
        return services.request(text, body, identified(caller, connection, headers), DEADLINE);
    }

    private Future<@Nullable Object> publish(
            Caller.User caller,
            ConnectionId connection,
            String address,
            @Nullable Object body,
            Map<String, String> headers) {
        Optional<ConnectionId> notBackTo =
                "false".equals(headers.get("echo")) ? Optional.of(connection) : Optional.empty();
        Optional<String> key = Optional.ofNullable(headers.get("Idempotency-Key"));
        if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
            // As over HTTP; and the log remembers keys for a long time, so their length is bounded.
            return Future.failedFuture(new HubException(
                    ErrorCode.BAD_EVENT, "an Idempotency-Key has 1 to 128 characters of printable ASCII"));
        }
        return publisher
                .publish(caller, new PublishCommand(address, body, key, notBackTo, Optional.of(connection)))
                .map(RuledRequests::answer);
    }

    private static Object answer(Outcome.Published published) {
        JsonObject answer = new JsonObject().put("id", published.id());
        published.position().ifPresent(position -> answer.put("position", position.toString()));
        return answer.put("duplicate", published.duplicate());
    }

    /** Headers that could pass for the hub's own never reach a service from a client. */
    private static Map<String, String> identified(
            Caller.User caller, ConnectionId connection, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>();
        headers.forEach((name, value) -> {
            if (!name.toLowerCase(Locale.ROOT).startsWith(HEADER_PREFIX)) {
                all.put(name, value);
            }
        });
        caller.identity().subject().ifPresent(user -> all.put(USER_HEADER, user));
        all.put(CLAIMS_HEADER, new JsonObject(new HashMap<>(caller.identity().claims())).encode());
        all.put(CONNECTION_HEADER, connection.value());
        return all;
    }
}
