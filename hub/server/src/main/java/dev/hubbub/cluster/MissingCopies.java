package dev.hubbub.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    static void refuse(HazelcastInstance here, String map, String key) {
        Set<Member> members = here.getCluster().getMembers();
        long dataMembers =
                members.stream().filter(member -> !member.isLiteMember()).count();
        long wanted = Math.min(here.getConfig().getMapConfig(map).getBackupCount(), dataMembers - 1);
        InternalPartition partition = partition(here, key);
        for (int copy = 1; copy <= wanted; copy++) {
            if (!isHere(partition.getReplica(copy), members)) {
                throw new IllegalStateException(WORDS);
            }
        }
    }

    /** The table may still name a member that has gone; Hazelcast passes over it. */
    private static boolean isHere(@Nullable PartitionReplica copy, Set<Member> members) {
        return copy != null
                && members.stream().anyMatch(member -> member.getUuid().equals(copy.uuid()));
    }

    private static InternalPartition partition(HazelcastInstance here, String key) {
        int id = here.getPartitionService().getPartition(key).getPartitionId();
        HazelcastInstanceImpl member =
                here instanceof HazelcastInstanceProxy proxy ? proxy.getOriginal() : (HazelcastInstanceImpl) here;
        return member.node.getPartitionService().getPartition(id, false);
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
