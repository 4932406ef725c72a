package dev.hubbub.redis;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.redis.RedisLink.NotSent;
import dev.hubbub.redis.RedisScript.Range;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.PerAddress;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadLimits;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Replay;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.StoredLog;
import dev.hubbub.replay.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Logs in Redis Streams, for addresses of kind {@code log}.
 *
 * <p>Every operation is one run of one script: dedupe, offset, append and trim happen together or not at all. An
 * acknowledged event is as safe as Redis is: run it with {@code maxmemory-policy noeviction}, {@code appendonly yes}
 * and {@code appendfsync always} for no loss at a restart, and with {@code min-replicas-to-write 1} where a fail-over
 * must not lose any. Whatever a restart or fail-over lost, the next append begins a new term, so that no position is
 * ever given to another event, and who saw what is lost is told {@code POSITION_LOST}.
 *
 * <p>While Redis is away, follows another or takes no writes, appends are refused with {@code UNAVAILABLE}, at once or
 * after at most twice {@value RedisLink#ANSWER_MILLIS} ms, and reads fail. One Redis, or one behind a name that moves;
 * not Redis Cluster. Confined to one event loop.
 *
 * <p>What Redis holds is bounded by the rules for each address, and ends eleven lives of an event after the last use;
 * the address itself is forgotten by the housekeeping after that.
 */
public final class RedisReplayStore implements ReplayStore {
    /** How many addresses one run of the script looks at, when it looks for those that have a log. */
    private static final int LOOKED_AT = 500;

    private final RedisLink redis;
    private String sweptTo = "-";

    /**
     * Opens a store; called on the event loop that will use it.
     *
     * @param url {@code redis://} or {@code rediss://}, with password and database as the operator gave them
     * @param script the text of {@code redis/log.lua}
     */
    public RedisReplayStore(Vertx vertx, String url, Buffer script) {
        this.redis = new RedisLink(vertx, url, script);
    }

    /** Tells whether the last operation reached Redis. */
    public boolean isUp() {
        return redis.isUp();
    }

    @Override
    public void onDoubt(Runnable listener) {
        redis.onChange(listener);
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        return PerAddress.append(events, (address, part) -> append(address, part, turn));
    }

    private Future<List<AppendResult>> append(Address address, List<Append> events, Turn turn) {
        return redis.run(RedisScript.append(address, events, turn))
                .map(answer -> results(answer, events))
                .recover(failure -> failure instanceof NotSent
                        ? Future.succeededFuture(Collections.nCopies(events.size(), away()))
                        : Future.failedFuture(failure));
    }

    private static AppendResult away() {
        return new AppendResult.Refused(new HubException(
                ErrorCode.UNAVAILABLE, "the log store is away, so nothing can be kept; try again in a moment"));
    }

    private static List<AppendResult> results(Response answer, List<Append> events) {
        String epoch = answer.get(1).toString();
        List<AppendResult> results = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            results.add(result(epoch, answer.get(2).get(i), events.get(i)));
        }
        return results;
    }

    private static AppendResult result(String epoch, Response one, Append wish) {
        String verdict = one.get(0).toString();
        return switch (verdict) {
            case "added", "known" ->
                new AppendResult.Appended(
                        one.get(3).toString(),
                        Optional.of(new Position(
                                epoch,
                                one.get(1).toString(),
                                Long.parseLong(one.get(2).toString()))),
                        verdict.equals("known"));
            case "other" ->
                new AppendResult.Refused(new HubException(
                        ErrorCode.BAD_EVENT, "this id was used for another event; give every event an id of its own"));
            case "large" ->
                new AppendResult.Refused(new HubException(
                        ErrorCode.TOO_LARGE,
                        "the event is larger than all that its address keeps; send a smaller one"));
            case "stale" -> stale(Long.parseLong(one.get(1).toString()), wish);
            default -> throw new IllegalStateException("verdict: " + verdict);
        };
    }

    private static AppendResult stale(long current, Append wish) {
        JsonObject details = new JsonObject().put("currentVersion", current);
        wish.content().resourceId().ifPresent(id -> details.put("resourceId", id));
        return new AppendResult.Refused(new HubException(
                ErrorCode.STALE_VERSION,
                "the resource is at version " + current + "; read it again and send a higher version",
                details));
    }

    private Future<StoredLog> look(Address address, LogPolicy policy, Turn turn, Range range) {
        return redis.run(RedisScript.look(address, policy, turn, range))
                .map(answer -> log(address, answer, range.kind().equals("recent")))
                .recover(RedisReplayStore::away);
    }

    private static StoredLog log(Address address, Response answer, boolean newestFirst) {
        List<StoredLog.Stored> entries = new ArrayList<>();
        for (Response entry : answer.get(6)) {
            String id = entry.get(0).toString();
            Response fields = entry.get(1);
            entries.add(new StoredLog.Stored(
                    Long.parseLong(id.substring(0, id.indexOf('-'))),
                    fields.get(1).toString(),
                    Long.parseLong(fields.get(3).toString()),
                    fields.get(7).toBuffer()));
        }
        if (newestFirst) {
            Collections.reverse(entries);
        }
        return new StoredLog(
                address,
                answer.get(1).toString(),
                answer.get(2).toString(),
                Long.parseLong(answer.get(3).toString()),
                Long.parseLong(answer.get(4).toString()),
                entries);
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new Attached(SIGNAL_HEAD, List.of()))
                : look(address, policy, turn, new Range("head", 0, 0)).map(log -> new Attached(log.head(), List.of()));
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new ReadResult.Events(List.of(), SIGNAL_HEAD, false))
                : look(address, policy, turn, range(from, limits)).map(log -> log.read(from, limits));
    }

    /** One more than wanted, to know whether there is more. */
    private static Range range(ReadFrom from, ReadLimits limits) {
        long oneMore = limits.maxEvents() + 1L;
        if (from instanceof ReadFrom.After after) {
            return new Range("after", after.position().offset(), oneMore);
        }
        if (from instanceof ReadFrom.Recent recent) {
            return new Range("recent", 0, Math.max(0, recent.count()));
        }
        return new Range("after", 0, from instanceof ReadFrom.Start ? oneMore : Integer.MAX_VALUE);
    }

    /** Counts what is there, without trimming it and without giving it a longer life. */
    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return redis.run(RedisScript.info(address))
                .map(answer -> answer.size() == 1 ? Optional.<LogInfo>empty() : Optional.of(info(address, answer)))
                .recover(RedisReplayStore::away);
    }

    private static LogInfo info(Address address, Response answer) {
        return log(address, answer, false).info(Long.parseLong(answer.get(5).toString()));
    }

    private static <T> Future<T> away(Throwable failure) {
        return Future.failedFuture(
                failure instanceof NotSent
                        ? new HubException(ErrorCode.UNAVAILABLE, "the log store is away; try again in a moment")
                        : failure);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        String from = after.map(previous -> "(" + previous).orElse("[" + prefix);
        return listOn(prefix, from, limit, new ArrayList<>()).recover(RedisReplayStore::away);
    }

    /** Addresses whose log has ended fill no page, so that a page is short only at the end. */
    private Future<List<LogInfo>> listOn(String prefix, String from, int limit, List<LogInfo> found) {
        int wanted = limit - found.size();
        if (wanted <= 0) {
            return Future.succeededFuture(found);
        }
        // Addresses are ASCII: this is above every one that begins with the prefix.
        return redis.run(RedisScript.names(from, "(" + prefix + "\u007f", wanted, LOOKED_AT))
                .compose(names -> infos(names.get(2)).compose(some -> {
                    found.addAll(some);
                    String last = names.get(1).toString();
                    return last.isEmpty() ? Future.succeededFuture(found) : listOn(prefix, "(" + last, limit, found);
                }));
    }

    private Future<List<LogInfo>> infos(Response names) {
        List<Future<Optional<LogInfo>>> infos = new ArrayList<>();
        names.forEach(name -> infos.add(info(new Address(name.toString()))));
        return Future.all(infos)
                .map(all -> all.<Optional<LogInfo>>list().stream()
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** Redis lets logs expire by itself; their addresses are forgotten here, {@value #LOOKED_AT} looked at a turn. */
    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        if (!redis.isUp()) {
            // Whether it is back, somebody has to ask, and nobody may publish for a while.
            return redis.run(RedisScript.probe()).<Void>mapEmpty().otherwise(away -> null);
        }
        return redis.run(RedisScript.names(sweptTo, "+", LOOKED_AT, LOOKED_AT))
                .onSuccess(names -> {
                    String last = names.get(1).toString();
                    sweptTo = last.isEmpty() ? "-" : "(" + last;
                })
                .<Void>mapEmpty()
                .recover(RedisReplayStore::away);
    }
}
