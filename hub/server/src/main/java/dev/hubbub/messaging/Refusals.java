package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.messaging.Connections.Connection;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what one event loop refuses and cuts, and logs a sample of it: one line a second for each code, with how many
 * were left unsaid. Confined to the loop.
 *
 * <p>A line names who and from where; what was sent is never in it.
 */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final long SAMPLE_MILLIS = 1_000;
    private static final int LONGEST_NAME = 80;

    private final Clock clock;
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Map<CloseCode, Counter> cut = new EnumMap<>(CloseCode.class);
    private final Map<String, Sample> samples = new HashMap<>();

    private static final class Sample {
        private long nextMillis = Long.MIN_VALUE;
        private long unsaid;
    }

    Refusals(MeterRegistry registry, Clock clock) {
        this.clock = clock;
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(
                    code,
                    Counter.builder("hubbub.refused")
                            .description("Refusals, by their code.")
                            .tag("code", code.snakeCase())
                            .register(registry));
        }
        for (CloseCode code : CloseCode.values()) {
            String name = code.name().toLowerCase(Locale.ROOT);
            cut.put(
                    code,
                    Counter.builder("hubbub.connections.cut")
                            .description("Connections that the hub ended, by why.")
                            .tag("code", name)
                            .register(registry));
        }
    }

    void refused(Caller.User caller, HubException why) {
        count(refused.get(why.code()));
        sample("refused", why.code().snakeCase(), caller);
    }

    void cut(Connection connection, CloseCode code) {
        count(cut.get(code));
        if (code != CloseCode.GOING_AWAY) {
            sample("connection cut", String.valueOf(code.number()), connection.caller());
        }
    }

    private static void count(@org.jspecify.annotations.Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    private void sample(String what, String code, Caller.User caller) {
        Sample sample = samples.computeIfAbsent(what + code, key -> new Sample());
        long now = clock.millis();
        if (now < sample.nextMillis) {
            sample.unsaid++;
            return;
        }
        log.info(
                "{} code={} user={} ip={} unsaid={}",
                what,
                code,
                printable(caller.name()),
                printable(caller.connection().ip()),
                sample.unsaid);
        sample.nextMillis = now + SAMPLE_MILLIS;
        sample.unsaid = 0;
    }

    /** Writes what could break a line, or steer a terminal, as its number; cuts what is long. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST_NAME).forEach(point -> {
            if (isPlain(point)) {
                out.appendCodePoint(point);
            } else {
                out.append(String.format("\\u%04x", point));
            }
        });
        return out.toString();
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
