package dev.hubbub.messaging;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/** The heap of this process; safe from every thread. */
public final class JvmHeap implements NodeMemory.Heap {
    /** It does not change, and the JVM adds it up anew each time; it is asked for with every event. */
    private final long maxBytes = Runtime.getRuntime().maxMemory();

    /** The pools with what lives long; the JVM knows a usage threshold for those only. */
    private final List<MemoryPoolMXBean> longLived = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
            .toList();

    @Override
    public long maxBytes() {
        return maxBytes;
    }

    @Override
    public int percentAfterCollection() {
        int percent = 0;
        for (MemoryPoolMXBean pool : longLived) {
            MemoryUsage usage = pool.getCollectionUsage();
            if (usage != null) {
                long max = usage.getMax() > 0 ? usage.getMax() : maxBytes();
                percent = Math.max(percent, (int) (usage.getUsed() * 100 / max));
            }
        }
        return percent;
    }

    @Override
    public void collect() {
        System.gc();
    }
}
