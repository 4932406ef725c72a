package dev.hubbub.messaging;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to {@code hub.presence}: {@code {address, state, expires}}.
 *
 * @param address where it holds
 * @param json the state; empty takes it back
 * @param expiresMillis after which time it is taken back by itself; 0 for never
 */
record StateCommand(Address address, Optional<String> json, long expiresMillis) {
    static final int MOST_BYTES = 1_024;
    static final long MOST_MILLIS = 86_400_000;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Map<String, Long> UNITS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Set<String> MEMBERS = Set.of("address", "state", "expires");

    /**
     * Reads a body.
     *
     * @throws HubException with {@code BAD_EVENT} or {@code BAD_ADDRESS} when it is none
     */
    static StateCommand read(@Nullable Object body) {
        if (!(body instanceof JsonObject object)
                || !(object.getValue("address") instanceof String address)
                || !object.containsKey("state")
                || !MEMBERS.containsAll(object.fieldNames())) {
            throw bad("the body is {\"address\":\"…\",\"state\":…,\"expires\":\"2s\"}, expires as you like");
        }
        Object state = object.getValue("state");
        Optional<String> json = state == null ? Optional.empty() : Optional.of(Json.encode(state));
        if (json.isPresent() && json.get().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw bad("a state has at most " + MOST_BYTES + " bytes of JSON");
        }
        return new StateCommand(new Address(address), json, expires(object.getValue("expires")));
    }

    private static long expires(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        long millis = value instanceof Integer || value instanceof Long
                ? ((Number) value).longValue()
                : millis(String.valueOf(value));
        if (millis < 1 || millis > MOST_MILLIS) {
            throw bad("expires is a time such as \"2s\", or milliseconds, up to a day");
        }
        return millis;
    }

    private static long millis(String text) {
        Matcher matcher = DURATION.matcher(text);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0L) : 0;
    }

    private static HubException bad(String message) {
        return new HubException(ErrorCode.BAD_EVENT, message);
    }
}
