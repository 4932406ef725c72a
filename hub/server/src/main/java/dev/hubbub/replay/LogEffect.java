package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.replay.DedupeWindow.First;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operation did to a log, for the copies of the log.
 *
 * <p>A copy is told the effect and not the operation: whatever the copy has missed, after it the copy claims no
 * position for another event than the original. Where before and after do not fit, the effect wins: see
 * {@link KnownEntries}.
 *
 * @param epoch the log's epoch
 * @param termBefore the term before the operation
 * @param topBefore the last offset before the operation
 * @param terms all terms after it
 * @param oldest the oldest offset that is retained after it, or one above the last offset
 * @param policy the policy that it brought
 * @param nowMillis its time
 * @param kept events that it added or, for a retry, found
 */
record LogEffect(
        String epoch,
        String termBefore,
        long topBefore,
        Terms terms,
        long oldest,
        LogPolicy policy,
        long nowMillis,
        List<Kept> kept) {

    LogEffect {
        kept = List.copyOf(kept);
    }

    /**
     * One event.
     *
     * @param entry the event; empty when it is not retained any more
     * @param keys by which it is recognised
     * @param first what its first use gave
     */
    record Kept(Optional<LogEntry> entry, List<String> keys, First first) {
        Kept {
            keys = List.copyOf(keys);
        }
    }

    /** Returns the last offset after the operation: everything that it added is told. */
    long top() {
        return kept.stream().mapToLong(one -> one.first().offset()).reduce(topBefore, Math::max);
    }

    /** Returns the events that it tells of, with rising offsets. */
    List<LogEntry> entries() {
        return kept.stream()
                .flatMap(one -> one.entry().stream())
                .sorted(Comparator.comparingLong(LogEntry::offset))
                .toList();
    }

    void write(WireWriter out) {
        out.text(epoch);
        out.text(termBefore);
        out.number(topBefore);
        terms.write(out);
        out.number(oldest);
        ReplayShapes.policy(out, policy);
        out.number(nowMillis);
        out.list(kept, (to, one) -> {
            to.optional(one.entry(), (into, entry) -> entry.write(into));
            to.list(one.keys(), WireWriter::text);
            one.first().write(to);
        });
    }

    static LogEffect read(WireReader in) {
        return new LogEffect(
                in.text(),
                in.text(),
                in.number(),
                Terms.read(in),
                in.number(),
                ReplayShapes.policy(in),
                in.number(),
                in.list(from ->
                        new Kept(from.optional(LogEntry::read), from.list(WireReader::text), First.read(from))));
    }

    /** Collects what one operation keeps. */
    static final class Recorder {
        private final Map<Long, Kept> kept = new LinkedHashMap<>();

        void add(Optional<LogEntry> entry, List<String> keys, First first) {
            List<String> all = new ArrayList<>(keys);
            Kept before = kept.get(first.offset());
            if (before != null) {
                before.keys().stream().filter(key -> !all.contains(key)).forEach(all::add);
            }
            // An event that the same operation added and dropped again still counts for the copy.
            Optional<LogEntry> known = before == null ? entry : entry.or(before::entry);
            kept.put(first.offset(), new Kept(known, all, first));
        }

        List<Kept> kept() {
            return List.copyOf(kept.values());
        }
    }
}
