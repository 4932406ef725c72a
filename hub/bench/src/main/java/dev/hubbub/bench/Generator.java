package dev.hubbub.bench;

import java.io.IOException;

/** Does to a server what one scenario says, once. */
interface Generator extends AutoCloseable {

    /**
     * Connects, warms up, measures and waits for the rest.
     *
     * @throws BenchException if the server refuses or cuts a connection, or does not deliver at all
     */
    Measurement run() throws IOException;

    @Override
    void close() throws IOException;
}
