package dev.hubbub.simulation;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.messaging.SimulatedSubscribers;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.ClusterReplay;
import dev.hubbub.replay.FeedMessage;
import dev.hubbub.replay.Receipts;
import dev.hubbub.replay.Replay;
import dev.hubbub.replay.ReplayLog;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.SafeStore;
import dev.hubbub.replay.SimulatedReplay;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** One start of one node: the real parts, on a bus, a store and a clock that are not. */
final class Node implements Ownership {
    final String slot;
    final String name;
    final Map<Address, ReplayLog> logs = new LinkedHashMap<>();
    final SimulatedSubscribers subscribers;
    final ClusterReplay replay;
    private final Simulation simulation;
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private final List<Runnable> deferred = new ArrayList<>();
    private final SimulatedReplay owner;
    Side side;
    boolean alive = true;
    private boolean paused;
    private final Map<Address, Integer> busy = new LinkedHashMap<>();
    private int membership;
    private int ids;
    private long spentNanos;

    Node(Simulation simulation, String slot, int start, Side side) {
        this.simulation = simulation;
        this.slot = slot;
        this.name = slot + start;
        this.side = side;
        World world = simulation.world;
        EventLoop loop = new EventLoop() {
            @Override
            public void after(long millis, Runnable action) {
                at(millis, action);
            }

            @Override
            public void soon(Runnable action) {
                at(0, action);
            }

            /** Everything takes some time, so that fan-outs are followed by rests. */
            @Override
            public long nanoTime() {
                spentNanos += world.between(0, 4_000_000);
                return spentNanos;
            }

            @Override
            public Clock clock() {
                return world.clock();
            }
        };
        SimulatedBus bus = new SimulatedBus(simulation, this);
        simulation.buses.put(this, bus);
        ReplayStore raw = new SimulatedStore(simulation, this);
        ReplayStore store = simulation.mutation == Mutation.NO_FENCE_NO_RECEIPTS
                ? raw
                : new SafeStore(raw, this, new Receipts(bus, this, simulation.quorum - 1, loop), loop);
        this.owner = new SimulatedReplay(
                bus, store, this, loop, this::id, simulation.mutation != Mutation.NO_LISTENING_AGAIN);
        this.replay = new ClusterReplay(bus, this, loop);
        boolean fills = simulation.mutation != Mutation.NO_FILL;
        Replay feeding = fills ? replay : new AttachesOnce(replay);
        String inbox = "hub.gateway." + name + ".0";
        this.subscribers = new SimulatedSubscribers(feeding, inbox, loop);
        var open = bus.listen(inbox, FeedMessage.class, message -> {
            if (fills || !(message instanceof FeedMessage.AttachedAgain)) {
                subscribers.take(message);
            }
        });
        if (!open.succeeded()) {
            throw new AssertionError(open.cause());
        }
        at(world.between(0, 1_000), this::everySecond);
    }

    private String id() {
        ids++;
        return String.format(Locale.ROOT, "%012d%4s", ids, name.toUpperCase(Locale.ROOT))
                .replace(' ', 'X');
    }

    private void everySecond() {
        owner.second();
        at(1_000, this::everySecond);
    }

    /** Lets something happen on this node, unless it is dead by then; a node that sleeps does it on waking. */
    void at(long millis, Runnable action) {
        simulation.world.after(millis, () -> happen(action));
    }

    private void happen(Runnable action) {
        if (paused) {
            deferred.add(action);
        } else if (alive) {
            action.run();
        }
    }

    /** Counts the appends that wait for copies. */
    void busy(Address address, int more) {
        busy.merge(address, more, Integer::sum);
    }

    boolean isBusyWith(Address address) {
        return busy.getOrDefault(address, 0) > 0;
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    void wake() {
        paused = false;
        List<Runnable> late = new ArrayList<>(deferred);
        deferred.clear();
        late.forEach(this::happen);
    }

    /** Comes back to a side with another identity, and without what it had. */
    void rejoin(Side main) {
        membership++;
        logs.clear();
        side = main;
        main.members.add(this);
    }

    /** Returns the identity under which it appends: 1 to 20 characters. */
    String memberId() {
        return simulation.mutation == Mutation.NO_OWNER_IN_TERM
                ? "X"
                : (name + "M" + membership).toUpperCase(Locale.ROOT);
    }

    String viewId() {
        return name + "/" + membership;
    }

    void tell(Set<String> gone) {
        Change change = new Change(gone);
        at(simulation.world.between(0, 50), () -> List.copyOf(listeners).forEach(one -> one.accept(change)));
    }

    @Override
    public String node() {
        return name;
    }

    @Override
    public Set<String> nodes() {
        Set<String> nodes = new TreeSet<>();
        side.members.forEach(member -> nodes.add(member.name));
        return nodes;
    }

    @Override
    public String ownerOf(Address address) {
        return side.owner(address, simulation.backups).name;
    }

    @Override
    public boolean isServing() {
        return side.members.size() >= simulation.quorum;
    }

    @Override
    public long view() {
        return side.view();
    }

    @Override
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    @Override
    public String toString() {
        return name;
    }
}
