package dev.hubbub;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.net.BindException;

/** Opens listeners, and says in plain words why one cannot be opened. */
final class Listening {
    private Listening() {}

    /**
     * Opens a listener.
     *
     * @param server made with its host and port
     * @param section the section of the config that the host and the port stand in, such as {@code http}
     * @param host the host of that section
     * @param port the port of that section
     * @return fails with {@code UNAVAILABLE} when the system does not give the port
     */
    static Future<HttpServer> open(HttpServer server, String section, String host, int port) {
        return server.listen().recover(failure -> Future.failedFuture(plain(failure, section, host, port)));
    }

    private static Throwable plain(Throwable failure, String section, String host, int port) {
        String reason = String.valueOf(failure.getMessage());
        String cannot = section + " cannot listen on " + host + " port " + port + ": ";
        if (reason.contains("already in use")) {
            return new HubException(
                    ErrorCode.UNAVAILABLE,
                    cannot + "the port is in use by another process, perhaps another hub. Stop that one, or choose"
                            + " another port with --set " + section + ".port="
                            + (port == 65_535 ? port - 1 : port + 1));
        }
        boolean expected = failure instanceof BindException || failure instanceof java.io.IOException;
        return expected ? new HubException(ErrorCode.UNAVAILABLE, cannot + reason) : failure;
    }
}
