package dev.hubbub.replay;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of a log without a hole: at most so many, so many bytes, so old.
 *
 * <p>A ring that grows and shrinks by doubling and halving. Age is counted from an event's arrival, oldest first: an
 * event behind a younger one waits for it when the clock went back.
 */
final class RetainedEvents implements Retained {
    private static final int SMALLEST = 8;

    private @Nullable LogEntry[] ring = new LogEntry[SMALLEST];
    private int first;
    private int count;
    private long bytes;

    @Override
    public void add(LogEntry entry) {
        if (count == ring.length) {
            resize(ring.length * 2);
        }
        ring[(first + count) & (ring.length - 1)] = entry;
        count++;
        bytes += entry.bytes();
    }

    @Override
    public void trim(LogPolicy policy, long nowMillis) {
        while (count > 0 && isTooMuch(policy, nowMillis)) {
            removeOldest();
        }
    }

    private boolean isTooMuch(LogPolicy policy, long nowMillis) {
        return count > policy.maxEvents()
                || bytes > policy.maxBytes()
                || nowMillis - at(0).arrivedAtMillis() > policy.maxAgeMillis();
    }

    @Override
    public void removeOldest() {
        if (count == 0) {
            return;
        }
        bytes -= at(0).bytes();
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        count--;
        if (ring.length > SMALLEST && count <= ring.length / 4) {
            resize(ring.length / 2);
        }
    }

    private void resize(int length) {
        @Nullable LogEntry[] resized = new LogEntry[length];
        for (int i = 0; i < count; i++) {
            resized[i] = at(i);
        }
        ring = resized;
        first = 0;
    }

    private LogEntry at(int index) {
        LogEntry entry = ring[(first + index) & (ring.length - 1)];
        if (entry == null) {
            throw new IllegalStateException("the ring has a hole at " + index + " of " + count);
        }
        return entry;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long oldestOffset(long none) {
        return count == 0 ? none : at(0).offset();
    }

    @Override
    public List<LogEntry> oldestFirst() {
        return new View();
    }

    /** The ring as a list. */
    private final class View extends AbstractList<LogEntry> implements RandomAccess {
        @Override
        public LogEntry get(int index) {
            if (index < 0 || index >= count) {
                throw new IndexOutOfBoundsException(index);
            }
            return at(index);
        }

        @Override
        public int size() {
            return count;
        }
    }
}
