package dev.hubbub.demo.cursors;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bots' own process: reads one line of orders, connects every bot with a token of its own, and lets them move.
 *
 * <p>It ends when its standard input does, which is when the demos' back end is gone, or after ten minutes.
 */
final class BotsMain {
    private static final Logger log = LoggerFactory.getLogger(BotsMain.class);
    private static final long LIFE_MILLIS = 600_000;

    private BotsMain() {}

    /** Runs the bots; see {@link CursorsService} for the orders. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String orders = in.readLine();
        if (orders == null) {
            return;
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setInternalBlockingPoolSize(1));
        connectAll(vertx, new JsonObject(orders)).onFailure(failure -> {
            log.error("bots could not connect", failure);
            System.exit(1);
        });
        vertx.setTimer(LIFE_MILLIS, over -> System.exit(0));
        while (in.readLine() != null) {
            log.debug("bots take orders once only");
        }
        System.exit(0);
    }

    private static Future<Void> connectAll(Vertx vertx, JsonObject orders) {
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(1_000));
        JsonArray bots = orders.getJsonArray("bots");
        Future<Void> connected = Future.succeededFuture();
        for (int i = 0; i < bots.size(); i++) {
            JsonObject bot = bots.getJsonObject(i);
            BotPath path = BotPath.of(orders.getLong("seed"), i);
            WebSocketConnectOptions to = new WebSocketConnectOptions()
                    .setHost(orders.getString("host"))
                    .setPort(orders.getInteger("port"))
                    .setURI("/eventbus/websocket")
                    .putHeader("Authorization", "Bearer " + bot.getString("token"));
            connected = connected.compose(before -> client.connect(to)).map(socket -> {
                new Bot(bot.getString("name"), orders.getString("address"), path, socket).move(vertx);
                return null;
            });
        }
        return connected;
    }
}
