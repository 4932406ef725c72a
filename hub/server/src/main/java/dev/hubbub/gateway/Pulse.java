package dev.hubbub.gateway;

/**
 * Knows whether a client is alive and reads: pings, unanswered pings, and bytes that do not move; confined to its loop.
 */
final class Pulse {

    /** Between two signs of life. */
    static final long PING_MILLIS = 25_000;

    /** How long unsent bytes may stand still. */
    static final long STUCK_MILLIS = 30_000;

    /** Between two looks at a client that has unsent bytes. */
    private static final long WATCH_MILLIS = 5_000;

    private static final int MOST_UNANSWERED = 2;

    /** What a look found. */
    enum State {
        /** Nothing to do. */
        ALIVE,
        /** Two pings were not answered. */
        DEAD,
        /** Bytes wait and none has left for too long. */
        STUCK
    }

    private final SocketTransport transport;
    private long nextPingMillis;
    private long nextLookMillis = Long.MAX_VALUE;
    private long stillSinceMillis = Long.MAX_VALUE;
    private long lastLeft;
    private int unanswered;

    /**
     * Begins with a client that has just come.
     *
     * @param spread any number; it says how much earlier than the others the first ping is sent, up to half the time
     *     between two. Clients that came at once would otherwise all be pinged at once for ever, which would keep every
     *     event of that moment waiting.
     */
    Pulse(SocketTransport transport, long nowMillis, int spread) {
        this.transport = transport;
        this.nextPingMillis = nowMillis + PING_MILLIS - Math.floorMod(spread, PING_MILLIS / 2);
    }

    void heard() {
        unanswered = 0;
    }

    /** Begins to watch whether unsent bytes move; returns when to look. */
    long watch(long nowMillis) {
        nextLookMillis = Math.min(nextLookMillis, nowMillis + WATCH_MILLIS);
        return nextLookMillis;
    }

    long nextMillis() {
        return Math.min(nextPingMillis, nextLookMillis);
    }

    State look(long nowMillis) {
        boolean moved = lookAtBytes(nowMillis);
        if (nowMillis - STUCK_MILLIS >= stillSinceMillis) {
            return State.STUCK;
        }
        if (nowMillis >= nextPingMillis) {
            if (moved) {
                // It reads; its answers lie behind what it has not read yet.
                unanswered = 0;
            }
            if (unanswered >= MOST_UNANSWERED) {
                return State.DEAD;
            }
            if (transport.ping()) {
                unanswered++;
            }
            nextPingMillis = nowMillis + PING_MILLIS;
        }
        return State.ALIVE;
    }

    private boolean lookAtBytes(long nowMillis) {
        long left = transport.leftBytes();
        boolean waiting = transport.unsentBytes() > 0;
        boolean moved = waiting && left > lastLeft;
        if (!waiting) {
            stillSinceMillis = Long.MAX_VALUE;
            nextLookMillis = Long.MAX_VALUE;
        } else {
            if (moved || stillSinceMillis == Long.MAX_VALUE) {
                stillSinceMillis = nowMillis;
            }
            nextLookMillis = nowMillis + WATCH_MILLIS;
        }
        lastLeft = left;
        return moved;
    }
}
