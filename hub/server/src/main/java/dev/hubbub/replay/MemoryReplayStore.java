package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Logs in this process's memory, for one node.
 *
 * <p>Safe means: in this process. After a restart every log begins a new epoch, so that clients with a position are
 * told {@code POSITION_LOST} with {@code epoch}.
 *
 * <p>When the logs together take more than {@code maxBytes}, the oldest events of the biggest among a few logs go, and
 * clients that missed them are told {@code retention}; appends go on. Logs that hold nothing and are not used go after
 * ten times the life of their events, sooner when the budget is nearly used up; they begin a new epoch at their next
 * use. What a log takes is estimated.
 *
 * <p>Not thread-safe; the owner's event loop is its only caller. Every future is already complete.
 */
public final class MemoryReplayStore implements ReplayStore {
    static final int LOGS_PER_SWEEP = 2_000;
    private static final int SAMPLE = 16;
    private static final int SHEDS_PER_USE = 32;

    private final long maxBytes;
    private final Map<Address, Slot> slots = new HashMap<>();
    private final List<Slot> order = new ArrayList<>();
    private long bytes;
    private int sweepCursor;
    private int shedCursor;

    /**
     * Creates an empty store.
     *
     * @param maxBytes what all logs may take together, in bytes, at least 1
     */
    public MemoryReplayStore(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        List<AppendResult> results = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            results.add(append(events.get(i), turn));
        }
        return Future.succeededFuture(results);
    }

    private AppendResult append(Append wish, Turn turn) {
        if (wish.policy().kind() == DeliveryKind.SIGNAL) {
            return new AppendResult.Appended(wish.content().id(), Optional.empty(), false);
        }
        Slot slot = slot(wish.address(), wish.policy(), turn);
        AppendResult result = slot.log.append(wish, turn);
        account(slot);
        return result;
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        if (policy.kind() == DeliveryKind.SIGNAL) {
            return Future.succeededFuture(new Attached(SIGNAL_HEAD, List.of()));
        }
        Slot slot = slot(address, policy, turn);
        Attached attached = slot.log.attached(policy, turn.nowMillis());
        account(slot);
        return Future.succeededFuture(attached);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        if (policy.kind() == DeliveryKind.SIGNAL) {
            return Future.succeededFuture(new ReadResult.Events(List.of(), SIGNAL_HEAD, false));
        }
        Slot slot = slot(address, policy, turn);
        ReadResult result = slot.log.read(policy, from, limits, turn.nowMillis());
        account(slot);
        return Future.succeededFuture(result);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        Slot slot = slots.get(address);
        return Future.succeededFuture(slot == null ? Optional.empty() : Optional.of(slot.log.info()));
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        Comparator<Slot> byAddress = Comparator.comparing(slot -> slot.address.value());
        PriorityQueue<Slot> lowest = new PriorityQueue<>(byAddress.reversed());
        for (Slot slot : order) {
            if (isListed(slot.address.value(), prefix, after)) {
                lowest.add(slot);
                if (lowest.size() > limit) {
                    lowest.remove();
                }
            }
        }
        List<LogInfo> infos =
                lowest.stream().sorted(byAddress).map(slot -> slot.log.info()).toList();
        return Future.succeededFuture(infos);
    }

    private static boolean isListed(String address, String prefix, Optional<String> after) {
        return address.startsWith(prefix)
                && after.map(previous -> address.compareTo(previous) > 0).orElse(true);
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        // At most one round: a log that was dropped leaves its place to the last one, which is looked at next.
        for (int left = Math.min(LOGS_PER_SWEEP, order.size()); left > 0; left--) {
            if (sweepCursor >= order.size()) {
                sweepCursor = 0;
            }
            Slot slot = order.get(sweepCursor);
            slot.log.trim(turn.nowMillis());
            account(slot);
            if (isDroppable(slot, inUse, turn.nowMillis())) {
                drop(slot);
            } else {
                sweepCursor++;
            }
        }
        return Future.succeededFuture();
    }

    private boolean isDroppable(Slot slot, Replay.AddressFilter inUse, long nowMillis) {
        boolean nearlyFull = bytes > maxBytes - maxBytes / 10;
        return slot.log.isEmpty() && (nearlyFull || slot.log.isIdle(nowMillis)) && !inUse.wants(slot.address);
    }

    private void drop(Slot slot) {
        Slot last = order.remove(order.size() - 1);
        if (last != slot) {
            order.set(slot.index, last);
            last.index = slot.index;
        }
        slots.remove(slot.address);
        bytes -= slot.bytes;
    }

    private Slot slot(Address address, LogPolicy policy, Turn turn) {
        Slot slot = slots.get(address);
        if (slot == null) {
            slot = new Slot(address, new ReplayLog(address, policy, turn), order.size());
            order.add(slot);
            slots.put(address, slot);
        }
        return slot;
    }

    private void account(Slot slot) {
        count(slot);
        for (int left = SHEDS_PER_USE; left > 0 && bytes > maxBytes; left--) {
            Slot biggest = biggestOfSome();
            biggest.log.shed();
            count(biggest);
        }
    }

    private void count(Slot slot) {
        long now = slot.log.memoryBytes();
        bytes += now - slot.bytes;
        slot.bytes = now;
    }

    private Slot biggestOfSome() {
        @Nullable Slot biggest = null;
        for (int i = Math.min(SAMPLE, order.size()); i > 0; i--) {
            shedCursor = shedCursor + 1 < order.size() ? shedCursor + 1 : 0;
            Slot slot = order.get(shedCursor);
            if (biggest == null || slot.bytes > biggest.bytes) {
                biggest = slot;
            }
        }
        if (biggest == null) {
            throw new IllegalStateException("memory is in use, but there is no log");
        }
        return biggest;
    }

    /** Returns about how much memory all logs take, in bytes. */
    public long memoryBytes() {
        return bytes;
    }

    /** Returns how many logs there are. */
    public int logs() {
        return order.size();
    }

    /** A log with its place in {@code order} and what was counted for it. */
    private static final class Slot {
        private final Address address;
        private final ReplayLog log;
        private int index;
        private long bytes;

        Slot(Address address, ReplayLog log, int index) {
            this.address = address;
            this.log = log;
            this.index = index;
        }
    }
}
