package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public listener with a certificate of its own. */
class TlsTest {
    private final SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    private Vertx vertx;
    private WebSocketClient client; // a client that nobody refers to is closed

    @TempDir
    private Path folder;

    @BeforeEach
    void prepare() {
        vertx = Vertx.vertx();
        client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        certificate.delete();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void eventsTravelOverTlsOnTheFastPath() throws Exception {
        Path config = Files.writeString(
                folder.resolve("hub.yaml"), """
                http:
                  host: 127.0.0.1
                  port: 0
                  tls: { certificate: "%s", key: "%s" }
                ops: { port: 0 }
                auth: { anonymous: true }
                addresses:
                  - match: "open:{name}"
                    subscribe: true
                    publish: true
                """.formatted(certificate.certificatePath(), certificate.privateKeyPath()));
        HubNode node = await(HubNode.start(vertx, new ConfigSource(config, List.of(), Map.of())));
        URI url = URI.create(node.publicUrl());
        Promise<JsonObject> heard = Promise.promise();

        var socket = await(client.connect(new WebSocketConnectOptions()
                .setHost("localhost")
                .setPort(url.getPort())
                .setURI("/eventbus/websocket")));
        socket.textMessageHandler(text -> heard.tryComplete(new JsonObject(text)));
        await(socket.writeTextMessage("{\"type\":\"register\",\"address\":\"open:a\",\"headers\":{}}"));
        await(
                socket.writeTextMessage(
                        "{\"type\":\"publish\",\"address\":\"open:a\",\"headers\":{},\"body\":{\"type\":\"t\",\"payload\":7}}"));

        assertThat(url.getScheme()).isEqualTo("https");
        assertThat(await(heard.future()).getJsonObject("body").getInteger("payload"))
                .isEqualTo(7);
    }
}
