package dev.hubbub.replay;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The newest event of each resource.
 *
 * <p>Bounded by resources ({@code maxEvents}) and bytes; over a bound the value that was replaced longest ago goes. Age
 * does not count: a value that has not changed for a day is still the current one.
 */
final class LatestValues implements Retained {
    private final LinkedHashMap<String, LogEntry> values = new LinkedHashMap<>();
    private long bytes;

    @Override
    public void add(LogEntry entry) {
        // Taken out first, so that the map's order is the order of offsets.
        LogEntry replaced = values.remove(entry.content().conflationKey());
        if (replaced != null) {
            bytes -= replaced.bytes();
        }
        values.put(entry.content().conflationKey(), entry);
        bytes += entry.bytes();
    }

    @Override
    public void trim(LogPolicy policy, long nowMillis) {
        while (!values.isEmpty() && (values.size() > policy.maxEvents() || bytes > policy.maxBytes())) {
            removeOldest();
        }
    }

    @Override
    public void removeOldest() {
        Iterator<LogEntry> oldest = values.values().iterator();
        if (oldest.hasNext()) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    @Override
    public int count() {
        return values.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long oldestOffset(long none) {
        Iterator<LogEntry> oldest = values.values().iterator();
        return oldest.hasNext() ? oldest.next().offset() : none;
    }

    @Override
    public List<LogEntry> oldestFirst() {
        return new ArrayList<>(values.values());
    }
}
