package dev.hubbub.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A short run of every parser over its corpus and over what a seed makes of it; {@code scripts/fuzz} is the long one.
 */
class ParserFuzzTest {
    private static final long SEED = 8;
    private static final int LONGEST = 8 * 1_024;
    /** Far more than any input takes, and far less than one that goes wrong. */
    private static final long BOUND_MILLIS = 5_000;

    @ParameterizedTest
    @EnumSource(Parsers.class)
    void theKeptCorpusHoldsNoFinding(Parsers parser) {
        for (byte[] input : FuzzCorpus.of(parser.folder())) {
            feed(parser, input);
        }
    }

    @ParameterizedTest
    @EnumSource(Parsers.class)
    void noMutatedInputIsAFinding(Parsers parser) {
        Mutator mutator = new Mutator(SEED, FuzzCorpus.of(parser.folder()));
        for (int i = 0; i < parser.shortRun(); i++) {
            feed(parser, mutator.next(LONGEST));
        }
    }

    private static void feed(Parsers parser, byte[] input) {
        long start = System.nanoTime();
        try {
            parser.feed(input);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw new AssertionError(
                    parser + " stumbled over " + Base64.getEncoder().encodeToString(input), e);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                .as(() -> parser + " took long over " + Base64.getEncoder().encodeToString(input))
                .isLessThan(BOUND_MILLIS);
    }
}
