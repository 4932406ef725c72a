package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
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

    /**
     * New handshakes get the new certificate without a restart; a pair that does not belong together changes nothing.
     */
    private void assertRenewed(int port) throws Exception {
        byte[] first = serialOf(port);
        SelfSignedCertificate renewed = SelfSignedCertificate.create("localhost");
        try {
            Files.copy(
                    Path.of(renewed.certificatePath()),
                    Path.of(certificate.certificatePath()),
                    StandardCopyOption.REPLACE_EXISTING);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            while (System.nanoTime() < until) {
                assertThat(serialOf(port)).as("with the key of another").isEqualTo(first);
            }
            Files.copy(
                    Path.of(renewed.privateKeyPath()),
                    Path.of(certificate.privateKeyPath()),
                    StandardCopyOption.REPLACE_EXISTING);
            NodeUnderTest.eventually("the new certificate is shown", () -> !Arrays.equals(serialOf(port), first));
        } finally {
            renewed.delete();
        }
    }

    private static byte[] serialOf(int port) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                socket.startHandshake();
                return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                        .getPublicKey()
                        .getEncoded();
            }
        } catch (GeneralSecurityException | IOException failure) {
            throw new AssertionError(failure);
        }
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
        assertRenewed(url.getPort());
        assertThat(await(heard.future()).getJsonObject("body").getInteger("payload"))
                .isEqualTo(7);
    }
}
