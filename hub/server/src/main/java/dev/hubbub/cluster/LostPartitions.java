package dev.hubbub.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.listener.MapPartitionLostListener;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when all copies of logs are gone at once: more nodes were lost than there are copies.
 *
 * <p>The addresses go on with a new epoch, and clients are told that their positions are lost; here it is for who looks
 * after the cluster. One line for all that is lost within {@value #GATHER_MILLIS} ms. Hazelcast tells on threads of its
 * own: the count is read from anywhere, the rest is confined to one context.
 */
final class LostPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(LostPartitions.class);
    private static final long GATHER_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final AtomicLong total = new AtomicLong();
    private BitSet lost = new BitSet();

    LostPartitions(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    void watch(HazelcastInstance hazelcast) {
        MapPartitionLostListener listener =
                event -> context.runOnContext(now -> lost(hazelcast, event.getPartitionId()));
        hazelcast.getMap(HazelcastSettings.LOGS).addPartitionLostListener(listener);
    }

    /** Every member tells of what it saw being lost, so one partition may be told of more than once. */
    private void lost(HazelcastInstance hazelcast, int partition) {
        if (lost.isEmpty()) {
            vertx.setTimer(GATHER_MILLIS, timer -> tell(hazelcast.getName()));
        }
        if (!lost.get(partition)) {
            lost.set(partition);
            total.incrementAndGet();
        }
    }

    private void tell(String member) {
        LOG.warn("logs_lost partitions={} member={}", lost.cardinality(), member);
        lost = new BitSet();
    }

    /** Returns how many parts of the logs were lost since this node joined. */
    long total() {
        return total.get();
    }
}
