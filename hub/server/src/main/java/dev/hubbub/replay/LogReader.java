package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.ReadResult.Events;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One read over the retained events of a log, within limits.
 *
 * <p>A read that reached the end goes on from the head; one that the limits cut goes on from its last event.
 */
record LogReader(Address address, String epoch, List<LogEntry> entries, Position head, ReadLimits limits) {

    /** Reads forward from the first event above {@code offset}. */
    Events after(long offset) {
        int index = firstAbove(offset);
        List<EventFrame> frames = new ArrayList<>(Math.min(entries.size() - index, limits.maxEvents()));
        long bytes = 0;
        while (index < entries.size() && frames.size() < limits.maxEvents() && bytes <= limits.maxBytes()) {
            LogEntry entry = entries.get(index++);
            bytes += entry.bytes();
            frames.add(entry.frame(address, epoch));
        }
        boolean more = index < entries.size();
        return new Events(frames, more ? entries.get(index - 1).position(epoch) : head, more);
    }

    private int firstAbove(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Reads the newest events; {@code more} says that the limits, not {@code count}, left older ones out. */
    Events recent(int count) {
        ArrayDeque<EventFrame> frames = new ArrayDeque<>();
        int wanted = Math.min(Math.max(count, 0), entries.size());
        long bytes = 0;
        int index = entries.size();
        while (frames.size() < Math.min(wanted, limits.maxEvents()) && bytes <= limits.maxBytes()) {
            LogEntry entry = entries.get(--index);
            bytes += entry.bytes();
            frames.addFirst(entry.frame(address, epoch));
        }
        return new Events(new ArrayList<>(frames), head, frames.size() < wanted);
    }

    /** Reads the newest events with the text; {@code more} says that there are older ones. */
    Events search(TextSearch text) {
        ArrayDeque<EventFrame> frames = new ArrayDeque<>();
        long bytes = 0;
        for (int index = entries.size() - 1; index >= 0; index--) {
            LogEntry entry = entries.get(index);
            if (!text.isIn(entry.content().json())) {
                continue;
            }
            if (frames.size() == limits.maxEvents() || bytes > limits.maxBytes()) {
                return new Events(new ArrayList<>(frames), head, true);
            }
            bytes += entry.bytes();
            frames.addFirst(entry.frame(address, epoch));
        }
        return new Events(new ArrayList<>(frames), head, false);
    }
}
