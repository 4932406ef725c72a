package dev.hubbub;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A whole node in this process, with real sockets, and tokens for it. */
final class TestNode implements AutoCloseable {
    static final String SECRET = "a secret of the wire's tests, long enough";
    static final int SUBSCRIPTIONS = 40;
    static final String RULES = """
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true, keep: { events: 100 } }
              - { match: "probe:{id}", subscribe: true, publish: true }
              - { match: "read:{id}", subscribe: true }
              - { match: "write:{id}", publish: true }
              - { match: "mine:{id}", subscribe: claims.sub == id, publish: claims.sub == id }
              - { match: "claim:{id}", subscribe: claims.nothing.there == id }
              - { match: "price:{id}", subscribe: true, publish: true, delivery: latest }
              - { match: "cursor:{id}", subscribe: true, publish: true, delivery: signal }
              - { match: "any:{id}", subscribe: true, publish: true, body: any }
              - { match: "bytes:{id}", subscribe: true, publish: true, body: binary }
              - { match: "doc:{id}", subscribe: true, publish: true, versions: rising }
              - { match: "typed:{id}", subscribe: true, publish: true, types: ["a.b@1"] }
              - { match: "service:{id}", send: claims.role == "agent" }
            """;

    private final HubNode node;

    private TestNode(HubNode node) {
        this.node = node;
    }

    static TestNode start(Path folder, String... overrides) {
        try {
            Path file = folder.resolve("hub.yaml");
            Files.writeString(
                    file,
                    "auth: { jwt: { secret: \"" + SECRET + "\", issuer: me, audience: hub, leeway: 0s } }\n"
                            + "limits: { frame: 16KiB, connectionsPerUser: 1000, connectionsPerIp: 1000, subscriptions: "
                            + SUBSCRIPTIONS + " }\n" + RULES);
            List<String> all = new ArrayList<>(List.of("http.port=0", "ops.port=0"));
            all.addAll(List.of(overrides));
            return new TestNode(await(HubNode.start(new ConfigSource(file, all, Map.of()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came of it in time", e);
        }
    }

    /** Looks again and again until it is so; fails when it is not within ten seconds. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    HubNode node() {
        return node;
    }

    int port() {
        return Integer.parseInt(node.publicUrl().replaceAll(".*:", ""));
    }

    int opsPort() {
        return Integer.parseInt(node.opsUrl().replaceAll(".*:", ""));
    }

    /** Returns how many connections the node says that it has. */
    int connections() {
        try (Wire wire = new Wire(opsPort())) {
            String metrics = wire.http("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .body();
            return metrics.lines()
                    .filter(line -> line.startsWith("hubbub_connections{"))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        }
    }

    static JsonObject claims(String user) {
        long now = Clock.systemUTC().millis() / 1_000;
        return new JsonObject()
                .put("sub", user)
                .put("iss", "me")
                .put("aud", "hub")
                .put("exp", now + 600);
    }

    static String token(String user) {
        return signed(claims(user));
    }

    static String signed(JsonObject claims) {
        return signed("{\"alg\":\"HS256\"}", claims.encode(), SECRET);
    }

    static String signed(String header, String claims, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String text = encoded(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + encoded(claims.getBytes(StandardCharsets.UTF_8));
            return text + "." + encoded(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Wire connect(String user) {
        return Wire.upgraded(port(), "/eventbus/websocket?access_token=" + token(user));
    }

    @Override
    public void close() {
        await(node.stop());
    }
}
