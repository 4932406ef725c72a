package dev.hubbub.trace;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry.Publication;
import dev.hubbub.trace.EventEntry.What;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries about events, in pieces of plain arrays: an entry costs a few stores and no object.
 *
 * <p>Grows with use up to its bound; then the oldest piece is written anew, and a piece whose time is over is given
 * back. Confined to its loop.
 */
final class EventRing {
    static final int PIECE = 512;

    private final int mostPieces;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long next;
    private Piece newest;
    private long lostBefore;

    /** Creates a ring of at most {@code most} entries, and of one piece at least. */
    EventRing(int most) {
        mostPieces = Math.max(1, most / PIECE);
        newest = new Piece();
        pieces.add(newest);
    }

    /** Returns the number that the next entry gets. */
    long next() {
        return next;
    }

    /** Returns before what time entries were dropped, in milliseconds since 1970; 0 when none ever was. */
    long lostBefore() {
        return lostBefore;
    }

    /**
     * Adds an entry.
     *
     * @param position the event's place; null for a signal
     * @param other the newer event, who asked not to hear it, or the {@link Publication}; null for neither
     */
    void add(long at, What what, Address address, String id, @Nullable Position position, @Nullable Object other) {
        if (newest.used == PIECE) {
            turn();
        }
        Piece piece = newest;
        int slot = piece.used++;
        piece.times[slot] = at;
        piece.hashes[slot] = id.hashCode();
        piece.counts[slot] = 0;
        piece.misses[slot] = 0;
        piece.whats[slot] = what;
        piece.addresses[slot] = address;
        piece.ids[slot] = id;
        piece.positions[slot] = position;
        piece.others[slot] = other;
        next++;
    }

    /** Says of the entry that was added last how many took the event and how many did not. */
    void count(int took, int missed) {
        newest.counts[newest.used - 1] = took;
        newest.misses[newest.used - 1] = missed;
    }

    private void turn() {
        Piece piece = pieces.size() < mostPieces ? new Piece() : pieces.removeFirst();
        forgets(piece);
        piece.used = 0;
        piece.first = next;
        newest = piece;
        pieces.addLast(piece);
    }

    private void forgets(Piece oldest) {
        lostBefore = oldest.used == 0 ? lostBefore : oldest.times[oldest.used - 1] + 1;
    }

    /** Forgets what is older. */
    void expire(long beforeMillis) {
        while (pieces.size() > 1 && pieces.getFirst().times[PIECE - 1] < beforeMillis) {
            forgets(pieces.removeFirst());
        }
    }

    /** Finds the entries of one event, oldest first, that are not older than {@code sinceMillis}. */
    void find(String id, long sinceMillis, Consumer<EventEntry> found) {
        int hash = id.hashCode();
        for (Piece piece : pieces) {
            for (int slot = 0; slot < piece.used; slot++) {
                if (piece.hashes[slot] == hash && id.equals(piece.ids[slot]) && piece.times[slot] >= sinceMillis) {
                    found.accept(piece.entry(slot));
                }
            }
        }
    }

    /** Looks at the entries of one address since a time, newest first, until it has been enough. */
    void newestFirst(Address address, long sinceMillis, Predicate<EventEntry> goesOn) {
        Iterator<Piece> all = pieces.descendingIterator();
        while (all.hasNext()) {
            Piece piece = all.next();
            for (int slot = piece.used - 1; slot >= 0; slot--) {
                boolean enough = piece.times[slot] < sinceMillis
                        || (address.equals(piece.addresses[slot]) && !goesOn.test(piece.entry(slot)));
                if (enough) {
                    return;
                }
            }
        }
    }

    /** Looks at what one publisher gave since a time, newest first, until it has been enough. */
    void published(String by, long sinceMillis, Predicate<EventEntry> goesOn) {
        Iterator<Piece> all = pieces.descendingIterator();
        while (all.hasNext()) {
            Piece piece = all.next();
            for (int slot = piece.used - 1; slot >= 0; slot--) {
                boolean his = piece.others[slot] instanceof Publication made
                        && made.by().equals(by);
                boolean enough = piece.times[slot] < sinceMillis || (his && !goesOn.test(piece.entry(slot)));
                if (enough) {
                    return;
                }
            }
        }
    }

    /** A part of the ring; what is at or behind {@link #used} is of an earlier turn. */
    private static final class Piece {
        final long[] times = new long[PIECE];
        final int[] hashes = new int[PIECE];
        final int[] counts = new int[PIECE];
        final int[] misses = new int[PIECE];
        final What[] whats = new What[PIECE];
        final Address[] addresses = new Address[PIECE];
        final String[] ids = new String[PIECE];
        final @Nullable Position[] positions = new Position[PIECE];
        final @Nullable Object[] others = new Object[PIECE];
        long first;
        int used;

        EventEntry entry(int slot) {
            Object other = others[slot];
            return new EventEntry(
                    first + slot,
                    times[slot],
                    whats[slot],
                    addresses[slot],
                    ids[slot],
                    Optional.ofNullable(positions[slot]),
                    counts[slot],
                    misses[slot],
                    other instanceof String text ? Optional.of(text) : Optional.empty(),
                    other instanceof Publication made ? Optional.of(made) : Optional.empty());
        }
    }
}
