package dev.hubbub.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What went over the sockets of one event loop since it began.
 *
 * <p>Only the loop adds, so that adding costs no more than a plain addition; read from any thread.
 */
public final class Traffic {
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong receivedMessages = new AtomicLong();

    void sent(long bytes) {
        add(sentBytes, bytes);
    }

    void received(long bytes) {
        add(receivedBytes, bytes);
        add(receivedMessages, 1);
    }

    private static void add(AtomicLong total, long more) {
        total.setOpaque(total.getPlain() + more);
    }

    /** Returns how many bytes were written to sockets, before TLS. */
    public long sentBytes() {
        return sentBytes.getOpaque();
    }

    /** Returns how many bytes of text came. */
    public long receivedBytes() {
        return receivedBytes.getOpaque();
    }

    /** Returns how many messages came; each may hold several frames. */
    public long receivedMessages() {
        return receivedMessages.getOpaque();
    }
}
