package dev.hubbub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback for what a test starts and cannot start on port 0.
 *
 * <p>They are below those that the system gives to clients' ends of connections. One that was asked for with port 0 and
 * given back may be such an end by the time that the test's own process wants it. Each is handed out once.
 */
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int COUNT = 20_000;
    /** Where to look next; another place for each process, as several may run at once. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) Math.floorMod(ProcessHandle.current().pid() * 97, (long) COUNT));

    private FreePorts() {}

    /** Returns a port on which nobody listens. */
    public static int one() throws IOException {
        return pair(0);
    }

    /** Returns a port on which nobody listens, nor on the one that is {@code distance} above it. */
    public static int pair(int distance) throws IOException {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port) && (distance == 0 || isFree(port + distance))) {
                return port;
            }
        }
        throw new IOException("no free port from " + FIRST + " on");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
