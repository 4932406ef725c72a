package dev.hubbub.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * The response to one poll or stream of a SockJS client: what the hub says next goes into it.
 *
 * <p>Made on the event loop of its request and written to there; its transport lives on a loop of its own and calls
 * from that one. Calls take effect in their order.
 */
final class SockJsHttpAnswer {

    /** So many bytes, and a stream ends, to begin anew: browsers keep all of a response in memory. */
    static final int STREAM_BYTES = 128 * 1024;

    /** What some browsers want to have read before they show a stream to the page. */
    private static final String PRELUDE = "h".repeat(2_048) + "\n";

    private final HttpServerResponse response;
    private final Context context;
    private final boolean streaming;
    private long length;
    private boolean over;

    /** Begins the response; on the loop of the request. */
    SockJsHttpAnswer(Vertx vertx, HttpServerResponse response, boolean streaming) {
        this.response = response;
        this.context = vertx.getOrCreateContext();
        this.streaming = streaming;
        response.setChunked(streaming)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/javascript; charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                .putHeader("X-Accel-Buffering", "no");
    }

    /** Tells when the client has gone away before the answer was complete; on the loop of the request. */
    void onLost(Runnable lost) {
        response.closeHandler(v -> lost.run());
        // The response tells it as a failure, too.
        response.exceptionHandler(failure -> lost.run());
    }

    boolean isStreaming() {
        return streaming;
    }

    /** Tells whether nothing more may be said; asked on the transport's loop. */
    boolean isOver() {
        return over;
    }

    /**
     * Says something; a poll is complete with it, a stream when it is long enough.
     *
     * @param last whether the answer is complete in any case
     * @return completes when the bytes have left; fails when the client is gone
     */
    Future<Void> say(Buffer text, boolean last) {
        boolean first = length == 0;
        length += text.length();
        over = last || !streaming || length >= STREAM_BYTES;
        boolean complete = over;
        Promise<Void> said = Promise.promise();
        // A response that ended in the meantime throws; composed, that is a failure like any other.
        context.runOnContext(v -> Future.succeededFuture(text)
                .compose(bytes -> write(bytes, first, complete))
                .onComplete(said));
        return said.future();
    }

    private Future<Void> write(Buffer text, boolean first, boolean complete) {
        if (response.closed()) {
            return Future.failedFuture("the client is gone");
        }
        if (!streaming) {
            return response.end(text);
        }
        Buffer bytes = first ? Buffer.buffer(PRELUDE).appendBuffer(text) : text;
        return complete ? response.end(bytes) : response.write(bytes);
    }
}
