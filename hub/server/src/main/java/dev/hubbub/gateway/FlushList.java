package dev.hubbub.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that were written to in this turn of the loop, to be flushed once each.
 *
 * <p>The flush runs after the tasks that are queued already, so several deliveries leave in one system call. Confined
 * to its loop.
 */
final class FlushList {
    private static final Logger log = LoggerFactory.getLogger(FlushList.class);

    /** What was written to and is to be flushed. */
    interface Dirty {
        /** Sends what was written, at the end of the turn. */
        void flush();

        /** Ends the connection, since its flush failed in a way that nobody expected. */
        void abort();
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
            try {
                socket.flush();
            } catch (RuntimeException e) {
                // The others still have to get theirs: what is left in the list would never be flushed.
                log.error("socket failed at its flush", e);
                socket.abort();
            }
        }
        now.clear();
        spare = now;
        afterwards.run();
    }
}
