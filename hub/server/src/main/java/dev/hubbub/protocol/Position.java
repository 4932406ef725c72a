package dev.hubbub.protocol;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the log of one address: what a client stores as the last thing it applied.
 *
 * <p>On the wire it is {@code EPOCH.TERM:OFFSET}, opaque to clients and treated as hostile when it comes back. Epoch
 * and term are never stored or compared without the offset that came with them.
 *
 * @param epoch random, born with the log; another epoch is another history
 * @param term who appended: {@code number-owner}; two sides of a split can never make the same term
 * @param offset 0 for "before the first event", else 1, 2, 3 … within the epoch
 */
public record Position(String epoch, String term, long offset) {

    /** Longest text that is looked at, in characters. */
    public static final int MAX_LENGTH = 96;

    private static final Pattern TEXT =
            Pattern.compile("([A-Za-z0-9]{1,32})\\.([0-9]{1,10}-[A-Za-z0-9]{1,20}):([0-9]{1,18})");

    /** Checks the offset. */
    public Position {
        if (offset < 0) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
        }
    }

    /** Reads a position that a client handed back; empty when this hub can never have made it. */
    public static Optional<Position> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Position(matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** Returns the wire form. */
    @Override
    public String toString() {
        return epoch + "." + term + ":" + offset;
    }

    /** Tells whether the other place is of the same epoch and term: then, and only then, offsets compare. */
    public boolean isSameHistory(Position other) {
        return epoch.equals(other.epoch) && term.equals(other.term);
    }
}
