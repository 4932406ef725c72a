package dev.hubbub.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages inputs as a seed says: bytes, pieces of itself, pieces of others, and what parsers stumble over. */
public final class Mutator {
    private static final int MOST_EDITS = 6;
    private static final int MOST_REPEATS = 64;
    private static final List<String> STUMBLING = List.of(
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "1e999999999",
            "-0",
            "9007199254740993",
            "__proto__",
            "\u0000",
            "\uFEFF",
            "\u2028",
            "\u202E",
            "\r\n",
            "..",
            "//",
            "%2e",
            "*",
            "#",
            "{a...}",
            "{a}{b}",
            "&a ",
            "*a",
            "!!java.lang.Object",
            "<<: ",
            "${HOME}",
            "${",
            "- ",
            "| ",
            "/* */",
            ".",
            "=",
            "eyJhbGciOiJub25lIn0",
            "\uD83D\uDE00",
            "é",
            "999999999999999999",
            "-1",
            "hub.",
            "__vertx.");

    private final Random random;
    private final List<byte[]> corpus;

    /** Creates a mutator; the same seed and corpus make the same inputs. */
    public Mutator(long seed, List<byte[]> corpus) {
        this.random = new Random(seed);
        this.corpus = List.copyOf(corpus);
    }

    /** Returns the next input, of at most {@code limit} bytes. */
    public byte[] next(int limit) {
        byte[] input = one().clone();
        for (int edits = random.nextInt(MOST_EDITS); edits >= 0; edits--) {
            input = edit(input);
        }
        return input.length > limit ? Arrays.copyOf(input, limit) : input;
    }

    private byte[] one() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private byte[] edit(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int until = Math.min(input.length, from + random.nextInt(9));
        return switch (random.nextInt(8)) {
            case 0 -> flip(input, from);
            case 1 -> replace(input, from, until, noise());
            case 2 -> replace(input, from, until, new byte[0]);
            case 3, 4 -> replace(input, from, random.nextBoolean() ? from : until, word());
            case 5 -> replace(input, from, from, repeated(Arrays.copyOfRange(input, from, until)));
            case 6 -> Arrays.copyOf(input, from);
            default -> splice(input, from);
        };
    }

    private static byte[] replace(byte[] input, int from, int until, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + by.length);
        out.write(input, 0, from);
        out.writeBytes(by);
        out.write(input, until, input.length - until);
        return out.toByteArray();
    }

    private byte[] flip(byte[] input, int at) {
        if (at < input.length) {
            input[at] ^= (byte) (1 << random.nextInt(8));
        }
        return input;
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] word() {
        return STUMBLING.get(random.nextInt(STUMBLING.size())).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] repeated(byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int times = random.nextInt(MOST_REPEATS); times > 0; times--) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private byte[] splice(byte[] input, int from) {
        byte[] other = one();
        int cut = random.nextInt(other.length + 1);
        return replace(input, from, input.length, Arrays.copyOfRange(other, cut, other.length));
    }
}
