package dev.hubbub.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/** Who a member is, to terms and to views. */
final class MemberIdentity {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private MemberIdentity() {}

    /**
     * Returns the name under which a member appends: 16 characters of its id, which Hazelcast draws anew for every
     * start and for every return after a split.
     */
    static String ownerOf(HazelcastInstance hazelcast) {
        UUID id = hazelcast.getCluster().getLocalMember().getUuid();
        return HEX.toHexDigits(digest(id));
    }

    /** Returns the same number for the same members, in whatever order. */
    static long viewOf(Set<Member> members) {
        long view = members.size();
        for (Member member : members) {
            view += spread(digest(member.getUuid()));
        }
        return view;
    }

    private static long digest(UUID id) {
        return id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 17);
    }

    /** The finishing step of SplitMix64, so that sums of different ids differ. */
    private static long spread(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
