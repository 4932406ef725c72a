package dev.hubbub.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.Address;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ownership by Hazelcast's partition table: who keeps an address's log owns the address.
 *
 * <p>Everything is looked up live; nothing is remembered but the table of the last look, every {@value #LOOK_MILLIS}
 * ms, by which changes are noticed that no event announces. Listeners are called on the contexts on which they
 * registered; events come on Hazelcast's threads, hence the one concurrent list here.
 */
final class HazelcastOwnership implements Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastOwnership.class);
    private static final String NODE = "__vertx.nodeId";
    private static final long LOOK_MILLIS = 250;

    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final PartitionService partitions;
    private final String node;
    private final int minimumNodes;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private List<String> lastLook = List.of();

    HazelcastOwnership(Vertx vertx, HazelcastInstance hazelcast, int minimumNodes) {
        this.vertx = vertx;
        this.hazelcast = hazelcast;
        this.partitions = hazelcast.getPartitionService();
        this.minimumNodes = minimumNodes;
        this.node = nodeOf(hazelcast.getCluster().getLocalMember())
                .orElseThrow(() -> new IllegalStateException("this member has no node name"));
    }

    /** Begins to notice changes; call it once, on the context that shall look. */
    void start() {
        hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                LOG.info(
                        "node_joined node={} nodes={}",
                        nameOf(event.getMember()),
                        event.getMembers().size());
                tell(Set.of());
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                LOG.warn(
                        "node_left node={} nodes={}",
                        nameOf(event.getMember()),
                        event.getMembers().size());
                tell(nodeOf(event.getMember()).map(Set::of).orElse(Set.of()));
            }
        });
        vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    }

    /** The table and the members as text, and whether it is another text than the last time. */
    private void look() {
        try {
            List<String> table = new ArrayList<>();
            table.add(String.valueOf(view()));
            for (Partition partition : partitions.getPartitions()) {
                table.add(ownerOf(partition));
            }
            boolean changed = !table.equals(lastLook);
            lastLook = table;
            if (changed) {
                tell(Set.of());
            }
        } catch (HazelcastInstanceNotActiveException | RejectedExecutionException stopping) {
            LOG.debug("membership_gone node={}", node, stopping);
        }
    }

    private void tell(Set<String> gone) {
        Change change = new Change(gone);
        for (Listener listener : listeners) {
            listener.context().runOnContext(now -> listener.consumer().accept(change));
        }
    }

    private static Optional<String> nodeOf(Member member) {
        return Optional.ofNullable(member.getAttribute(NODE));
    }

    private static String nameOf(Member member) {
        return nodeOf(member).orElse("unnamed");
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public Set<String> nodes() {
        Set<String> nodes = new TreeSet<>();
        nodes.add(node);
        for (Member member : members()) {
            nodeOf(member).ifPresent(nodes::add);
        }
        return nodes;
    }

    private Set<Member> members() {
        try {
            return hazelcast.getCluster().getMembers();
        } catch (HazelcastInstanceNotActiveException stopping) {
            return Set.of();
        }
    }

    @Override
    public String ownerOf(Address address) {
        try {
            return ownerOf(partitions.getPartition(address.value()));
        } catch (HazelcastInstanceNotActiveException stopping) {
            return node;
        }
    }

    private String ownerOf(Partition partition) {
        @Nullable Member owner = partition.getOwner();
        Optional<String> name = owner == null ? Optional.empty() : nodeOf(owner);
        return name.orElseGet(() -> substitute(partition.getPartitionId()));
    }

    /**
     * A partition without an owner, or with one that is no node of the hub, is looked after by one that all agree on.
     */
    private String substitute(int partition) {
        List<String> nodes = List.copyOf(nodes());
        return nodes.get(partition % nodes.size());
    }

    /** Returns which part of all addresses this node owns now, from 0 to 1. */
    double share() {
        try {
            Set<Partition> all = partitions.getPartitions();
            long own = all.stream()
                    .filter(partition -> ownerOf(partition).equals(node))
                    .count();
            return all.isEmpty() ? 0 : (double) own / all.size();
        } catch (HazelcastInstanceNotActiveException stopping) {
            return 0;
        }
    }

    @Override
    public boolean isServing() {
        long dataMembers =
                members().stream().filter(member -> !member.isLiteMember()).count();
        return dataMembers >= minimumNodes && dataMembers > 0;
    }

    @Override
    public long view() {
        return MemberIdentity.viewOf(members());
    }

    @Override
    public void onChange(Consumer<Change> listener) {
        listeners.add(new Listener(vertx.getOrCreateContext(), listener));
    }

    private record Listener(Context context, Consumer<Change> consumer) {}
}
