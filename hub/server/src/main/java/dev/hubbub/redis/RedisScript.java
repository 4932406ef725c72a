package dev.hubbub.redis;

import dev.hubbub.protocol.Address;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.StoredLog;
import dev.hubbub.replay.Turn;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of {@code redis/log.lua}: what it is given, in its order.
 *
 * <p>Each is made for the Redis that will run it, so that another one will not.
 */
@FunctionalInterface
interface RedisScript {
    /** Where the script keeps the addresses that have a log. */
    String INDEX = "hub:addresses";

    /** Returns the keys' number, the keys and the arguments, for the Redis of this identity. */
    List<Buffer> argumentsFor(String identity);

    /** Makes the request. */
    default Request request(String sha, String identity) {
        Request request = Request.cmd(Command.EVALSHA).arg(sha);
        argumentsFor(identity).forEach(request::arg);
        return request;
    }

    /** Asks who runs it. */
    static RedisScript who() {
        return nobodyYet -> texts(0, "who");
    }

    /** Asks whether other operations would be done. */
    static RedisScript probe() {
        return identity -> texts(1, INDEX, "probe", identity);
    }

    /**
     * Reads addresses that have a log, and forgets those that have none any more.
     *
     * @param from the lowest, as Redis writes it: {@code -}, {@code [this} or {@code (above this}
     * @param to the highest
     * @param wanted how many, at least 1
     * @param lookedAt how many addresses to look at for that, at most
     */
    static RedisScript names(String from, String to, int wanted, int lookedAt) {
        return identity -> texts(1, INDEX, "names", identity, from, to, wanted, lookedAt);
    }

    /** Reads all of a log. */
    static RedisScript info(Address address) {
        return identity -> {
            List<Buffer> arguments = keys(address);
            arguments.addAll(texts("info", identity));
            return arguments;
        };
    }

    /** Appends to one address. */
    static RedisScript append(Address address, List<Append> events, Turn turn) {
        LogPolicy policy = events.get(events.size() - 1).policy();
        return identity -> {
            List<Buffer> arguments = operation("append", identity, address, policy, turn);
            arguments.addAll(texts(policy.risingVersions() ? "1" : "0", events.size()));
            events.forEach(wish -> add(arguments, wish));
            return arguments;
        };
    }

    private static void add(List<Buffer> arguments, Append wish) {
        arguments.addAll(texts(
                wish.content().id(),
                wish.dedupeKey(),
                Long.toHexString(wish.content().payloadHash()),
                wish.content().resourceId().orElse(""),
                wish.content().resourceVersion(),
                wish.content().json().length()));
        arguments.add(StoredLog.encode(wish));
    }

    /** Reads a log; an absent one begins. */
    static RedisScript look(Address address, LogPolicy policy, Turn turn, Range range) {
        return identity -> {
            List<Buffer> arguments = operation("look", identity, address, policy, turn);
            arguments.addAll(texts(range.kind(), range.offset(), range.count()));
            return arguments;
        };
    }

    private static List<Buffer> operation(String mode, String identity, Address address, LogPolicy policy, Turn turn) {
        List<Buffer> arguments = keys(address);
        arguments.addAll(texts(
                mode,
                identity,
                address.value(),
                turn.nowMillis(),
                RedisLink.ownerOn(identity, turn.owner()),
                turn.freshEpoch(),
                policy.maxEvents(),
                policy.maxBytes(),
                policy.maxAgeMillis()));
        return arguments;
    }

    private static List<Buffer> keys(Address address) {
        List<String> names = List.of("head", "log", "keys", "order", "versions", "vorder");
        List<Buffer> keys = texts(names.size() + 1, INDEX);
        names.forEach(name -> keys.addAll(texts("hub:{" + address + "}:" + name)));
        return keys;
    }

    private static List<Buffer> texts(Object... values) {
        List<Buffer> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(Buffer.buffer(String.valueOf(value)));
        }
        return texts;
    }

    /**
     * Which events to read.
     *
     * @param kind {@code after}, {@code recent} or {@code head}
     */
    record Range(String kind, long offset, long count) {}
}
