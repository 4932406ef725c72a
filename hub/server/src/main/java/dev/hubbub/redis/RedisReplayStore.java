package dev.hubbub.redis;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.redis.RedisLink.NotSent;
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
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
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
 * <p>While Redis is away appends are refused with {@code UNAVAILABLE}, at once or after
 * {@value RedisLink#ANSWER_MILLIS} ms, and reads fail. One Redis, or one behind a name that moves; not Redis Cluster.
 * Confined to one event loop.
 */
public final class RedisReplayStore implements ReplayStore {
    private static final String INDEX = "hub:addresses";
    private static final int KEYS = 7;
    /** Reads see what their rule lets the log keep; counting and listing do not trim. */
    private static final LogPolicy WITHOUT_BOUNDS =
            new LogPolicy(DeliveryKind.LOG, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, false);

    private final RedisLink redis;

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
        LogPolicy policy = events.get(events.size() - 1).policy();
        return redis.run(identity -> {
                    List<Buffer> arguments = arguments("append", address, policy, turn, identity);
                    arguments.add(text(policy.risingVersions() ? "1" : "0"));
                    arguments.add(text(events.size()));
                    events.forEach(wish -> add(arguments, wish));
                    return arguments;
                })
                .map(answer -> results(answer, events))
                .recover(failure -> failure instanceof NotSent
                        ? Future.succeededFuture(Collections.nCopies(events.size(), away()))
                        : Future.failedFuture(failure));
    }

    private static void add(List<Buffer> arguments, Append wish) {
        arguments.add(text(wish.content().id()));
        arguments.add(text(wish.dedupeKey()));
        arguments.add(text(Long.toHexString(wish.content().payloadHash())));
        arguments.add(text(wish.content().resourceId().orElse("")));
        arguments.add(text(wish.content().resourceVersion()));
        arguments.add(text(wish.content().json().length()));
        arguments.add(StoredLog.encode(wish));
    }

    private static AppendResult away() {
        return new AppendResult.Refused(new HubException(
                ErrorCode.UNAVAILABLE, "the log store is away, so nothing can be kept; try again in a moment"));
    }

    private static List<Buffer> arguments(String mode, Address address, LogPolicy policy, Turn turn, String identity) {
        String key = "hub:{" + address + "}:";
        List<Buffer> arguments = new ArrayList<>();
        arguments.add(text(KEYS));
        for (String name : List.of("head", "log", "keys", "order", "versions", "vorder")) {
            arguments.add(text(key + name));
        }
        arguments.add(text(INDEX));
        arguments.add(text(mode));
        arguments.add(text(address.value()));
        arguments.add(text(turn.nowMillis()));
        arguments.add(text(RedisLink.ownerOn(identity, turn.owner())));
        arguments.add(text(turn.freshEpoch()));
        arguments.add(text(policy.maxEvents()));
        arguments.add(text(policy.maxBytes()));
        arguments.add(text(policy.maxAgeMillis()));
        return arguments;
    }

    private static Buffer text(Object value) {
        return Buffer.buffer(String.valueOf(value));
    }

    private static List<AppendResult> results(Response answer, List<Append> events) {
        String epoch = answer.get(0).toString();
        List<AppendResult> results = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            results.add(result(epoch, answer.get(1).get(i), events.get(i)));
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

    private Future<Looked> look(Address address, LogPolicy policy, Turn turn, Range range) {
        return redis.run(identity -> {
                    List<Buffer> arguments = arguments("look", address, policy, turn, identity);
                    arguments.add(text(range.kind()));
                    arguments.add(text(range.offset()));
                    arguments.add(text(range.count()));
                    return arguments;
                })
                .map(answer -> looked(address, answer, range.kind().equals("recent")))
                .recover(failure -> Future.failedFuture(
                        failure instanceof NotSent
                                ? new HubException(
                                        ErrorCode.UNAVAILABLE, "the log store is away; try again in a moment")
                                : failure));
    }

    private static Looked looked(Address address, Response answer, boolean newestFirst) {
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
        StoredLog log = new StoredLog(
                address,
                answer.get(0).toString(),
                answer.get(1).toString(),
                Long.parseLong(answer.get(2).toString()),
                Long.parseLong(answer.get(3).toString()),
                entries);
        return new Looked(log, Long.parseLong(answer.get(5).toString()));
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new Attached(SIGNAL_HEAD, List.of()))
                : look(address, policy, turn, new Range("head", 0, 0))
                        .map(looked -> new Attached(looked.log().head(), List.of()));
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new ReadResult.Events(List.of(), SIGNAL_HEAD, false))
                : look(address, policy, turn, range(from, limits))
                        .map(looked -> looked.log().read(from, limits));
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

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return redis.send(Request.cmd(Command.EXISTS).arg("hub:{" + address + "}:head"))
                .compose(exists -> exists.toInteger() == 0
                        ? Future.succeededFuture(Optional.<LogInfo>empty())
                        : look(address, WITHOUT_BOUNDS, new Turn("0", "0", 0), new Range("after", 0, Integer.MAX_VALUE))
                                .map(looked -> Optional.of(looked.log().info(looked.bytes()))))
                .recover(RedisReplayStore::away);
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
        // Addresses are ASCII: this is above every one that begins with the prefix.
        Request request = Request.cmd(Command.ZRANGE)
                .arg(INDEX)
                .arg(from)
                .arg("(" + prefix + "\u007f")
                .arg("BYLEX")
                .arg("LIMIT")
                .arg(0)
                .arg(limit);
        return redis.send(request)
                .compose(names -> {
                    List<Future<Optional<LogInfo>>> infos = new ArrayList<>();
                    names.forEach(name -> infos.add(info(new Address(name.toString()))));
                    return Future.all(infos);
                })
                .map(all -> all.<Optional<LogInfo>>list().stream()
                        .flatMap(Optional::stream)
                        .toList())
                .recover(RedisReplayStore::away);
    }

    /** Redis lets logs expire by itself. */
    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return redis.isUp()
                ? Future.succeededFuture()
                // Whether it is back, somebody has to ask, and nobody may publish for a while.
                : redis.send(Request.cmd(Command.PING)).<Void>mapEmpty().otherwise(away -> null);
    }

    private record Range(String kind, long offset, long count) {}

    private record Looked(StoredLog log, long bytes) {}
}
