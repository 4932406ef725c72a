package dev.hubbub.replay;

import java.util.Collection;
import java.util.TreeMap;

/**
 * What a copy that has missed something still knows for certain.
 *
 * <p>Its own events count if the original's terms say that they are the original's too: a term and an offset name one
 * event. The events that the effect tells of count as well, a retried one among them, so that an event is on the copy
 * by the time its retry is answered. Not thread-safe; made for one effect.
 */
final class KnownEntries {
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    private final long top;

    private KnownEntries(long top) {
        this.top = top;
    }

    /** Gathers from what the copy retains, and from what it is told. */
    static KnownEntries of(Collection<LogEntry> retained, LogEffect effect) {
        KnownEntries known = new KnownEntries(effect.top());
        for (LogEntry entry : retained) {
            if (entry.offset() <= effect.topBefore()
                    && effect.terms().contains(entry.term(), entry.offset(), effect.top())) {
                known.entries.put(entry.offset(), entry);
            }
        }
        effect.entries().forEach(entry -> known.entries.put(entry.offset(), entry));
        return known;
    }

    /** Fills an empty log, or empty current values. */
    Retained in(Retained empty) {
        return empty instanceof LatestValues ? allIn(empty) : upToTheTopIn(empty);
    }

    /** Fills a log with the events that lead up to its top: a gap is told, never guessed. */
    private Retained upToTheTopIn(Retained empty) {
        long first = top + 1;
        while (entries.containsKey(first - 1)) {
            first--;
        }
        entries.tailMap(first).values().forEach(empty::add);
        return empty;
    }

    /** Fills current values with all of them: what was missed and never told again was never answered. */
    private Retained allIn(Retained empty) {
        entries.values().forEach(empty::add);
        return empty;
    }
}
