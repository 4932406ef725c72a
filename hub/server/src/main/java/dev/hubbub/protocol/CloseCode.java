package dev.hubbub.protocol;

/** Why the hub closed a socket, and with that what the client should do next. */
public enum CloseCode {
    /** No token, a bad one or an expired one: get a new one and come back. */
    UNAUTHENTICATED(4401, true),
    /** Forbidden, for instance cut or revoked by an operator: do not come back. */
    FORBIDDEN(4403, false),
    /** The client did not read for too long: come back and resume. */
    TOO_SLOW(4408, true),
    /** The user, the address or the node has its number of connections: come back later. */
    TOO_MANY_CONNECTIONS(4409, true),
    /** A frame was larger than {@code limits.frame}. */
    FRAME_TOO_LARGE(4413, true),
    /** Messages came faster than {@code limits.rate} for too long. */
    TOO_FAST(4429, true),
    /** The node is going away; the reason says {@code reconnect in N ms}. */
    GOING_AWAY(1012, true);

    private final int number;
    private final boolean mayReconnect;

    CloseCode(int number, boolean mayReconnect) {
        this.number = number;
        this.mayReconnect = mayReconnect;
    }

    /** Returns the WebSocket close code. */
    public int number() {
        return number;
    }

    /** Tells whether a client should connect again, at once or after a wait. */
    public boolean mayReconnect() {
        return mayReconnect;
    }
}
