package dev.hubbub.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The sockets that were written to in this turn of the loop, to be flushed once each.
 *
 * <p>The flush runs after the tasks that are queued already, so several deliveries leave in one system call. Confined
 * to its loop.
 */
final class FlushList {
    private final Executor loop;
    private final Runnable afterwards;
    private List<Runnable> dirty = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();
    private boolean scheduled;

    /**
     * Creates an empty list.
     *
     * @param loop runs a task after those that are queued
     * @param afterwards runs when everything was flushed
     */
    FlushList(Executor loop, Runnable afterwards) {
        this.loop = loop;
        this.afterwards = afterwards;
    }

    /** Adds a socket's flush; the socket remembers that it was added until the flush runs. */
    void add(Runnable flush) {
        dirty.add(flush);
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        List<Runnable> now = dirty;
        dirty = spare;
        for (Runnable flush : now) {
            flush.run();
        }
        now.clear();
        spare = now;
        afterwards.run();
    }
}
