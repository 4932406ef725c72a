package dev.hubbub.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns a fuzzer's bytes into text, and judges what a parser said to them. */
public final class FuzzText {
    /** A first byte that UTF-8 never has: the rest is then UTF-16, which can hold what UTF-8 cannot. */
    private static final byte UTF_16 = (byte) 0xFE;

    private static final List<String> INSIDES = List.of(
            "Exception", "dev.hubbub", "io.vertx", "io.netty", "com.fasterxml", "org.yaml", "com.nimbus", ".java:");

    private FuzzText() {}

    /** Returns the text, lone surrogates and all. */
    public static String of(byte[] data) {
        return data.length > 0 && data[0] == UTF_16
                ? new String(data, 1, data.length - 1, StandardCharsets.UTF_16BE)
                : new String(data, StandardCharsets.UTF_8);
    }

    /** Fails when an answer tells of the inside of the hub what the input did not say itself. */
    public static void saysNothingOfTheInside(String answer, String input) {
        for (String inside : INSIDES) {
            if (answer.contains(inside) && !input.contains(inside)) {
                throw new AssertionError("the answer tells of the inside: " + answer);
            }
        }
    }

    /** Fails when it is not so. */
    public static void must(boolean condition, String rule) {
        if (!condition) {
            throw new AssertionError(rule);
        }
    }
}
