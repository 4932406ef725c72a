package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.messaging.LoopSubscriber.Audience;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.AddressPattern;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Replay;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reads logs and counts for who may subscribe to them. */
final class RuledHistory implements History {
    /** What one page may hold, in bytes of JSON; at least one event always comes. */
    static final long MAX_PAGE_BYTES = 4 * 1024 * 1024;

    static final int MAX_PAGE_EVENTS = 1_000;
    private static final int LISTED_AT_ONCE = 200;

    private final Supplier<PermissionRules> rules;
    private final Replay replay;
    private final Loops loops;
    private final Meters meters;

    RuledHistory(Supplier<PermissionRules> rules, Replay replay, Loops loops, Meters meters) {
        this.rules = rules;
        this.replay = replay;
        this.loops = loops;
        this.meters = meters;
    }

    @Override
    public Future<Page> after(Caller caller, String address, Optional<String> position, int limit) {
        if (position.isEmpty()) {
            return read(caller, address, new ReadFrom.Start(), limit);
        }
        Optional<Position> known = Position.parse(position.get());
        return known.isPresent()
                ? read(caller, address, new ReadFrom.After(known.get()), limit)
                : readable(caller, address).compose(this::neverOurs);
    }

    /** A position that this hub cannot have made is one of another history. */
    private Future<Page> neverOurs(Reading at) {
        return replay.info(at.address()).compose(info -> {
            Position head = info.flatMap(LogInfo::last).orElse(new Position("0", "0-0", 0));
            return Future.failedFuture(LogFlow.positionLost(ReadResult.Reason.EPOCH, head));
        });
    }

    @Override
    public Future<Page> recent(Caller caller, String address, int limit) {
        return read(caller, address, new ReadFrom.Recent(limit), limit);
    }

    @Override
    public Future<Page> search(Caller caller, String address, String text, int limit) {
        return read(caller, address, new ReadFrom.Search(text), limit);
    }

    private Future<Page> read(Caller caller, String address, ReadFrom from, int limit) {
        int events = Math.max(1, Math.min(limit, MAX_PAGE_EVENTS));
        return readable(caller, address)
                .compose(at -> replay.read(at.address(), Policies.of(at.rule()), from, events, MAX_PAGE_BYTES))
                .compose(RuledHistory::page);
    }

    private static Future<Page> page(ReadResult result) {
        if (result instanceof ReadResult.Lost lost) {
            return Future.failedFuture(LogFlow.positionLost(lost.reason(), lost.head()));
        }
        ReadResult.Events read = (ReadResult.Events) result;
        return Future.succeededFuture(new Page(read.events(), Optional.of(read.position()), read.more()));
    }

    @Override
    public Future<AddressCounts> counts(Caller caller, String text) {
        return readable(caller, text).compose(at -> {
            Address address = at.address();
            Future<Map<Address, Audience>> audiences = loops.audiences(address.value());
            return replay.info(address)
                    .compose(info -> audiences.map(
                            all -> countsOf(address, at.rule(), info, Optional.ofNullable(all.get(address)))));
        });
    }

    @Override
    public Future<List<AddressCounts>> list(Caller caller, String pattern, int limit) {
        AddressPattern wanted;
        try {
            wanted = AddressPattern.parse(pattern);
        } catch (HubException refusal) {
            return Future.failedFuture(refusal);
        }
        PermissionRules now = rules.get();
        Replay.AddressFilter filter =
                address -> wanted.matches(address) && now.allows(caller, Action.SUBSCRIBE, address);
        Future<Map<Address, Audience>> audiences =
                loops.audiences(wanted.prefix()).map(all -> only(all, filter));
        return wanted(filter, wanted.prefix(), limit)
                .compose(logs -> audiences.map(all -> merge(now, logs, all, limit)));
    }

    private static Map<Address, Audience> only(Map<Address, Audience> all, Replay.AddressFilter filter) {
        Map<Address, Audience> wanted = new HashMap<>(all);
        wanted.keySet().removeIf(address -> !filter.wants(address));
        return wanted;
    }

    /** Pages through the logs until enough are found that the caller wants and may see. */
    private Future<List<LogInfo>> wanted(Replay.AddressFilter filter, String prefix, int limit) {
        return wanted(filter, prefix, Optional.empty(), limit, new ArrayList<>());
    }

    private Future<List<LogInfo>> wanted(
            Replay.AddressFilter filter, String prefix, Optional<String> after, int limit, List<LogInfo> found) {
        int page = Math.max(limit, LISTED_AT_ONCE);
        return replay.list(prefix, after, page).compose(logs -> {
            logs.stream().filter(log -> filter.wants(log.address())).forEach(found::add);
            if (found.size() >= limit || logs.size() < page) {
                return Future.succeededFuture(found.subList(0, Math.min(limit, found.size())));
            }
            String last = logs.get(logs.size() - 1).address().value();
            return wanted(filter, prefix, Optional.of(last), limit, found);
        });
    }

    private static List<AddressCounts> merge(
            PermissionRules now, List<LogInfo> logs, Map<Address, Audience> audiences, int limit) {
        Map<String, AddressCounts> merged = new TreeMap<>();
        for (LogInfo log : logs) {
            now.rule(log.address())
                    .ifPresent(rule -> merged.put(
                            log.address().value(),
                            countsOf(
                                    log.address(),
                                    rule,
                                    Optional.of(log),
                                    Optional.ofNullable(audiences.get(log.address())))));
        }
        audiences.forEach((address, audience) -> now.rule(address)
                .ifPresent(rule -> merged.computeIfAbsent(
                        address.value(), key -> countsOf(address, rule, Optional.empty(), Optional.of(audience)))));
        return merged.values().stream().limit(limit).toList();
    }

    private static AddressCounts countsOf(
            Address address, AddressRule rule, Optional<LogInfo> log, Optional<Audience> audience) {
        return new AddressCounts(
                address,
                rule.delivery().configName(),
                audience.map(Audience::subscribers).orElse(0),
                audience.map(found -> found.users().size()).orElse(0),
                log.map(LogInfo::events).orElse(0),
                log.flatMap(LogInfo::first),
                log.flatMap(LogInfo::last),
                log.map(LogInfo::types).orElse(Map.of()));
    }

    private Future<Reading> readable(Caller caller, String text) {
        try {
            Address address = new Address(text);
            PermissionRules now = rules.get();
            Optional<AddressRule> rule = now.rule(address);
            if (rule.isEmpty() || !now.allows(caller, Action.SUBSCRIBE, address)) {
                throw new HubException(ErrorCode.ACCESS_DENIED, "you may not read " + address);
            }
            return Future.succeededFuture(new Reading(address, rule.get()));
        } catch (HubException refusal) {
            meters.refused(refusal.code());
            return Future.failedFuture(refusal);
        }
    }

    private record Reading(Address address, AddressRule rule) {}
}
