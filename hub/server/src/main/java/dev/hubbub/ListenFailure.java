package dev.hubbub;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;

/** Says in plain words that a listener could not be opened, which, and what to do. */
final class ListenFailure {
    private ListenFailure() {}

    /** Passes the server on; fails with an {@link IOException} for an operator when the port cannot be had. */
    static Future<HttpServer> inPlainWords(Future<HttpServer> listening, String listener, HttpServerOptions options) {
        return listening.recover(failure -> {
            if (!(failure instanceof IOException)) { // epoll has one of its own for a bind
                return Future.failedFuture(failure);
            }
            String place = options.getHost() + ":" + options.getPort();
            String message = "cannot listen on " + place + " (" + failure.getMessage() + "): stop who has it, or choose"
                    + " another with --set " + listener + ".port=N";
            return Future.failedFuture(new IOException(message, failure));
        });
    }
}
