package dev.hubbub.demo.cursors;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bot: a client that tells where its cursor is, twenty times a second, as a page does.
 *
 * @param name its user
 * @param address where it tells
 * @param path where it goes
 * @param socket its connection
 */
record Bot(String name, String address, BotPath path, WebSocket socket) {
    private static final Logger log = LoggerFactory.getLogger(Bot.class);
    private static final long EVERY_MILLIS = 50;

    /** Begins to move, and stops when its connection ends. */
    void move(Vertx vertx) {
        long timer = vertx.setPeriodic(1 + path.loopMillis() % EVERY_MILLIS, EVERY_MILLIS, tick -> tell());
        socket.closeHandler(closed -> vertx.cancelTimer(timer));
        // What others do is of no interest to a bot; reading keeps the connection going.
        socket.handler(ignored -> {});
    }

    private void tell() {
        if (socket.isClosed() || socket.writeQueueFull()) {
            return;
        }
        long now = System.currentTimeMillis();
        JsonObject payload = new JsonObject()
                .put("x", round(path.x(now)))
                .put("y", round(path.y(now)))
                .put("at", now);
        JsonObject frame = new JsonObject()
                .put("type", "publish")
                .put("address", address)
                .put("headers", new JsonObject().put("echo", "false"))
                .put(
                        "body",
                        new JsonObject()
                                .put("type", "cursor")
                                .put("resourceId", name)
                                .put("payload", payload));
        socket.writeTextMessage(frame.encode()).onFailure(gone -> log.debug("bot is gone name={}", name));
    }

    private static double round(double part) {
        return Math.round(part * 10_000) / 10_000.0;
    }
}
