package dev.hubbub.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and rates as the config writes them; text that fits no {@code long} is empty, never wrapped. */
final class Quantity {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]+)([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private Quantity() {}

    /** Reads {@code 100ms}, {@code 5s}, {@code 24h}. */
    static Optional<Duration> duration(String text) {
        return amount(text, MILLIS).map(Duration::ofMillis);
    }

    /** Reads {@code 64KiB}, {@code 1MiB} and a bare number of bytes. */
    static Optional<Long> size(String text) {
        return amount(text, BYTES);
    }

    /** Reads {@code 100/s} and {@code 10/5s}; the burst is the caller's. */
    static Optional<LimitsConfig.Rate> rate(String text, int burst) {
        int slash = text.indexOf('/');
        String period = text.substring(slash + 1);
        Optional<Duration> per = duration(period.matches("[a-z]+") ? "1" + period : period);
        return amount(text.substring(0, Math.max(0, slash)), Map.of("", 1L))
                .filter(messages -> messages > 0 && messages <= Integer.MAX_VALUE)
                .flatMap(messages -> per.filter(time -> !time.isZero())
                        .map(time -> new LimitsConfig.Rate(messages.intValue(), time, burst)));
    }

    private static Optional<Long> amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        return Optional.ofNullable(unit)
                .map(factor -> new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(factor)))
                .filter(product -> product.bitLength() < Long.SIZE)
                .map(BigInteger::longValue);
    }
}
