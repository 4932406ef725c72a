package dev.hubbub.messaging;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The tails of one event loop, together bounded: the one that was used longest ago goes first.
 *
 * <p>All tails of a node take at most a quarter of its memory budget, each loop its share of that. Without its tail a
 * resume asks the log. Confined to its loop.
 */
final class Tails {
    private static final int SHARE_OF_BUDGET = 4;

    private final NodeMemory memory;
    private final int loops;
    private final Set<Tail> used = new LinkedHashSet<>();
    private long bytes;

    /**
     * Creates the tails of one loop.
     *
     * @param loops how many loops share the node's memory
     */
    Tails(NodeMemory memory, int loops) {
        this.memory = memory;
        this.loops = loops;
    }

    /** Notes that a tail was used and is now {@code more} bytes larger; drops what is too much. */
    void used(Tail tail, long more) {
        count(more);
        used.remove(tail);
        used.add(tail);
        long most = memory.budget() / SHARE_OF_BUDGET / loops;
        Iterator<Tail> coldest = used.iterator();
        while (bytes > most && coldest.hasNext()) {
            Tail dropped = coldest.next();
            coldest.remove();
            count(-dropped.forget());
        }
    }

    /** Notes that a tail is gone. */
    void gone(Tail tail) {
        if (used.remove(tail)) {
            count(-tail.forget());
        }
    }

    long bytes() {
        return bytes;
    }

    private void count(long more) {
        bytes += more;
        memory.add(NodeMemory.Use.TAILS, more);
    }
}
