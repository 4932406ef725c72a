package dev.hubbub.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Feeds parsers with mutated inputs for as long as one likes: {@code SECONDS SEED [PARSER…]}.
 *
 * <p>One parser after the other, in a process that ends with 1 after a finding; the input is then kept in the parser's
 * corpus, where the tests find it from then on.
 */
public final class ParserFuzz {
    private static final int LONGEST = 8 * 1_024;
    /** Longer than any input takes on a busy machine, pauses of the JVM included. */
    private static final long BOUND_MILLIS = 5_000;

    private ParserFuzz() {}

    /** Runs the parsers that are named, or all of them. */
    public static void main(String[] args) throws IOException {
        long seconds = Long.parseLong(args[0]);
        long seed = Long.parseLong(args[1]);
        List<String> wanted = Arrays.asList(args).subList(2, args.length);
        if (wanted.stream().anyMatch(name -> !isParser(name))) {
            throw new IllegalArgumentException("no such parser in " + wanted);
        }
        int findings = 0;
        for (Parsers parser : Parsers.values()) {
            if (wanted.isEmpty() || wanted.contains(parser.folder())) {
                findings += run(parser, seconds, seed) ? 0 : 1;
            }
        }
        System.exit(findings == 0 ? 0 : 1);
    }

    private static boolean isParser(String name) {
        return Arrays.stream(Parsers.values())
                .anyMatch(parser -> parser.folder().equals(name));
    }

    private static boolean run(Parsers parser, long seconds, long seed) throws IOException {
        Mutator mutator = new Mutator(seed, FuzzCorpus.of(parser.folder()));
        long start = System.nanoTime();
        long slowest = 0;
        long inputs = 0;
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            byte[] input = mutator.next(LONGEST);
            long begin = System.nanoTime();
            try {
                parser.feed(input);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                keep(parser, input, e);
                return false;
            }
            slowest = Math.max(slowest, System.nanoTime() - begin);
            inputs++;
            if (TimeUnit.NANOSECONDS.toMillis(slowest) > BOUND_MILLIS) {
                keep(parser, input, new AssertionError("it took longer than " + BOUND_MILLIS + " ms"));
                return false;
            }
        }
        System.out.printf(
                "%-10s %4d s  %,13d inputs  slowest %,d us  seed %d  no finding%n",
                parser.folder(), seconds, inputs, TimeUnit.NANOSECONDS.toMicros(slowest), seed);
        return true;
    }

    private static void keep(Parsers parser, byte[] input, Throwable failure) throws IOException {
        Path kept = FuzzCorpus.keep(parser.folder(), input);
        System.out.printf("%-10s FINDING in %s%n", parser.folder(), kept);
        failure.printStackTrace(System.out);
    }
}
