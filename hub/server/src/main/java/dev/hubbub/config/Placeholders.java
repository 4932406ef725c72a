package dev.hubbub.config;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-default}} by the environment; a doubled dollar sign writes the text
 * itself.
 *
 * <p>YAML forbids braces in unquoted text inside a flow mapping, and a value of the environment must never be read as
 * YAML. So before parsing each placeholder is {@linkplain #mask masked}, one private-use character for one character,
 * which leaves every line and column as it is; after parsing it is {@linkplain #resolve resolved} inside single values.
 */
final class Placeholders {
    private static final int MASK = 0xE000;
    private static final int MASK_END = MASK + 128;
    private static final Pattern IN_FILE = Pattern.compile("\\$?\\$\\{[^}:'\"\\s]*(:-[^}\\r\\n]*)?}");
    private static final Pattern MASKED = Pattern.compile("\uE024?\uE024\uE07B[^\uE07D]*\uE07D");
    private static final Pattern BODY = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

    private final Map<String, String> environment;

    Placeholders(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns {@code text} with its placeholders hidden from the YAML parser; every character keeps its place. */
    static String mask(String text) {
        return IN_FILE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(shift(found.group(), 0, 128, MASK)));
    }

    /** Returns {@code text} as its author wrote it. */
    static String unmask(String text) {
        return shift(text, MASK, MASK_END, -MASK);
    }

    /** Tells whether {@code text} holds a masked placeholder. */
    static boolean isIn(String text) {
        return MASKED.matcher(text).find();
    }

    /**
     * Returns {@code masked} with the environment's values.
     *
     * @param onFault is told the number of a faulty placeholder within the text, counted from 0, and what is wrong
     */
    String resolve(String masked, BiConsumer<Integer, String> onFault) {
        int[] number = {0};
        return MASKED.matcher(masked)
                .replaceAll(found -> Matcher.quoteReplacement(valueOf(found, number[0]++, onFault)));
    }

    /** Returns where the placeholder of this number begins in {@code masked}, or 0. */
    static int indexOf(String masked, int number) {
        Matcher matcher = MASKED.matcher(masked);
        for (int i = 0; matcher.find(); i++) {
            if (i == number) {
                return matcher.start();
            }
        }
        return 0;
    }

    private String valueOf(MatchResult found, int number, BiConsumer<Integer, String> onFault) {
        String placeholder = unmask(found.group());
        if (placeholder.startsWith("$$")) {
            return placeholder.substring(1);
        }
        Matcher body = BODY.matcher(placeholder.substring(2, placeholder.length() - 1));
        if (!body.matches() || placeholder.indexOf("${", 2) > 0) {
            onFault.accept(
                    number,
                    placeholder
                            + " is not a placeholder (expected ${NAME} or ${NAME:-default}; write $${ for the text ${)");
            return "";
        }
        String value = environment.getOrDefault(body.group(1), "");
        if (value.isEmpty() && body.group(2) == null) {
            onFault.accept(
                    number,
                    "environment variable " + body.group(1)
                            + (environment.containsKey(body.group(1)) ? " is empty" : " is not set")
                            + "; set it, or give a default: ${" + body.group(1) + ":-default}");
        }
        return value.isEmpty() && body.group(2) != null ? body.group(2) : value;
    }

    private static String shift(String text, int from, int to, int by) {
        StringBuilder shifted = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            shifted.append(c >= from && c < to ? (char) (c + by) : c);
        }
        return shifted.toString();
    }
}
