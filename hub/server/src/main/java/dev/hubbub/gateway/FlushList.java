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
    /** What was written to and is to be flushed. */
    interface Dirty {
        /** Sends what was written, at the end of the turn. */
        void flush();
    }

    private final Executor loop;
    private final Runnable afterwards;
    private List<Dirty> dirty = new ArrayList<>();
    private List<Dirty> spare = new ArrayList<>();
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

    /** Adds a socket, which remembers that it was added until it is flushed. */
    void add(Dirty socket) {
        dirty.add(socket);
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        List<Dirty> now = dirty;
        dirty = spare;
        for (Dirty socket : now) {
            socket.flush();
        }
        now.clear();
        spare = now;
        afterwards.run();
    }
}
