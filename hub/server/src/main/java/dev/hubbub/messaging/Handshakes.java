package dev.hubbub.messaging;

import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;

/**
 * How many new connections a node takes on in which time; pure, confined to one context.
 *
 * <p>Who comes too early is told a wait, each another one: the waits fill the time to come at the rate of the limit, so
 * that a storm comes back as a stream.
 */
final class Handshakes {
    private static final long LEAST_WAIT_MILLIS = 500;
    private static final long MOST_WAIT_MILLIS = 60_000;
    /** No divisor of the longest wait, so that waits do not repeat soon. */
    private static final long MOST_STEP_MILLIS = 997;

    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private double tokens = Double.MAX_VALUE;
    private long promisedMicros;
    private long seenMillis;

    /** Takes one connection on, or throws {@code RATE_LIMITED} with its wait. */
    void admit(Rate rate, long nowMillis) {
        double perMilli = rate.messages() / (rate.per().toNanos() / NANOS_PER_MILLI);
        tokens = Math.min(rate.burst(), tokens + Math.max(0, nowMillis - seenMillis) * perMilli);
        seenMillis = nowMillis;
        if (tokens >= 1) {
            tokens--;
            return;
        }
        long now = nowMillis * MICROS_PER_MILLI;
        long step = Math.round(MICROS_PER_MILLI / perMilli);
        step = Math.min(MOST_STEP_MILLIS * MICROS_PER_MILLI, Math.max(MICROS_PER_MILLI, step));
        promisedMicros = Math.max(promisedMicros, now) + step;
        // Beyond the longest wait they fill the same minute again, still spread out.
        long wait = LEAST_WAIT_MILLIS + (promisedMicros - now) / MICROS_PER_MILLI % MOST_WAIT_MILLIS;
        throw new HubException(
                ErrorCode.RATE_LIMITED,
                "more clients come to this node than it takes on at once; come again in " + wait + " ms",
                new JsonObject().put("retryAfterMillis", wait));
    }
}
