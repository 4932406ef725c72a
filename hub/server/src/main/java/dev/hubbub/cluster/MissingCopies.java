package dev.hubbub.cluster;

import static com.hazelcast.cluster.memberselector.MemberSelectors.DATA_MEMBER_SELECTOR;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.ClusterService;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;

/**
 * Whether a log has members for all the copies that an append is promised to be on.
 *
 * <p>When a member is lost, the parts of the map that it had copies of have one copy less until those are made anew on
 * another member. Until then Hazelcast calls an operation done that went to nobody else. Looked at on the partition's
 * thread, right before the operation. The table with the places of copies is internal to Hazelcast.
 */
final class MissingCopies {
    private static final String WORDS = "hub: copies of this log are missing";

    private MissingCopies() {}

    /**
     * Refuses to go on while a copy has no place, although there are members enough.
     *
     * @throws IllegalStateException when that is so; it is known by {@link #isCauseOf}, as it may come from elsewhere
     */
    static void refuse(HazelcastInstance here, String key) {
        Node node = nodeOf(here);
        ClusterService members = node.getClusterService();
        int id = here.getPartitionService().getPartition(key).getPartitionId();
        InternalPartition partition = node.getPartitionService().getPartition(id, false);
        int wanted = Math.min(HazelcastSettings.backups(here), members.getSize(DATA_MEMBER_SELECTOR) - 1);
        for (int copy = 1; copy <= wanted; copy++) {
            PartitionReplica place = partition.getReplica(copy);
            // The table may still name a member that has gone; Hazelcast passes over it.
            if (place == null || members.getMember(place.uuid()) == null) {
                throw new IllegalStateException(WORDS);
            }
        }
    }

    private static Node nodeOf(HazelcastInstance here) {
        HazelcastInstanceImpl member =
                here instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) here;
        return member.node;
    }

    /** Tells whether an operation failed because of {@link #refuse}. */
    static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException && WORDS.equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }
}
