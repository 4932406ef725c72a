package dev.hubbub.messaging;

import dev.hubbub.messaging.Connections.Connection;

/** A connection of one event loop, since when it is there, and whether it has been let in; confined to the loop. */
final class OpenConnection {
    private final Connection connection;
    private final long sinceMillis;
    private boolean in;

    OpenConnection(Connection connection, long sinceMillis) {
        this.connection = connection;
        this.sinceMillis = sinceMillis;
    }

    Connection connection() {
        return connection;
    }

    /** Returns when it came, in milliseconds since 1970. */
    long sinceMillis() {
        return sinceMillis;
    }

    /** Notes that the node has counted it in. */
    void letIn() {
        in = true;
    }

    /** Tells whether the node has counted it in. */
    boolean isIn() {
        return in;
    }
}
