package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.Position;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers from what a store outside keeps of a log, by the same rules as {@link ReplayLog}.
 *
 * @param address where
 * @param epoch the log's epoch
 * @param terms its terms as text, {@code 1-OWNER@1 2-OWNER@57}
 * @param top its last offset
 * @param oldest the oldest offset that is retained, or one above {@code top}
 * @param entries the retained events that were read, with rising offsets: all from some offset on
 */
public record StoredLog(Address address, String epoch, String terms, long top, long oldest, List<Stored> entries) {

    /** Copies the entries. */
    public StoredLog {
        entries = List.copyOf(entries);
    }

    /**
     * One event as the store keeps it.
     *
     * @param event as {@link #encode} made it
     */
    public record Stored(long offset, String term, long arrivedAtMillis, Buffer event) {

        LogEntry entry() {
            WireReader in = new WireReader(event, 0, event.length());
            EventContent content = ReplayShapes.content(in);
            Optional<ConnectionId> notBackTo = ReplayShapes.connection(in);
            return new LogEntry(offset, term, arrivedAtMillis, content, notBackTo);
        }
    }

    /** Writes an event for the store. */
    public static Buffer encode(Append append) {
        Buffer buffer = Buffer.buffer();
        WireWriter out = new WireWriter(buffer);
        ReplayShapes.content(out, append.content());
        ReplayShapes.connection(out, append.notBackTo());
        return buffer;
    }

    /** Returns where the log ends. */
    public Position head() {
        return new Position(epoch, Terms.of(terms).current(), top);
    }

    /** Reads; the entries have to reach back to where the read begins, as far as they are retained. */
    public ReadResult read(ReadFrom from, ReadLimits limits) {
        LogReader reader = new LogReader(
                address, epoch, entries.stream().map(Stored::entry).toList(), head(), limits);
        if (from instanceof ReadFrom.After after) {
            return readAfter(after.position(), reader);
        }
        if (from instanceof ReadFrom.Recent recent) {
            return reader.recent(recent.count());
        }
        if (from instanceof ReadFrom.Search search) {
            return reader.search(new TextSearch(search.text()));
        }
        return reader.after(0);
    }

    private ReadResult readAfter(Position position, LogReader reader) {
        if (!position.epoch().equals(epoch)) {
            return new ReadResult.Lost(ReadResult.Reason.EPOCH, head());
        }
        if (!Terms.of(terms).contains(position.term(), position.offset(), top)) {
            return new ReadResult.Lost(ReadResult.Reason.DIVERGED, head());
        }
        return position.offset() + 1 < oldest
                ? new ReadResult.Lost(ReadResult.Reason.RETENTION, head())
                : reader.after(position.offset());
    }

    /** Counts; the entries have to be all that are retained. */
    public LogInfo info(long bytes) {
        Map<String, Integer> types = new HashMap<>();
        List<LogEntry> all = entries.stream().map(Stored::entry).toList();
        all.forEach(entry -> entry.content().type().ifPresent(type -> types.merge(type, 1, Integer::sum)));
        Optional<Position> first =
                all.isEmpty() ? Optional.empty() : Optional.of(all.get(0).position(epoch));
        Optional<Position> last = top == 0 ? Optional.empty() : Optional.of(head());
        return new LogInfo(address, DeliveryKind.LOG, all.size(), bytes, first, last, types);
    }
}
