package dev.hubbub.auth;

import static dev.hubbub.auth.Tokens.claims;
import static dev.hubbub.auth.Tokens.config;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.hubbub.attack.Attack;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JwksTest {
    private static final KeyPair FIRST = Tokens.rsa(2048);
    private static final KeyPair SECOND = Tokens.rsa(2048);
    private static final KeyPair CURVE = Tokens.ec("secp256r1");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(Tokens.NOW * 1000);
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger cutAnswers = new AtomicInteger();
    private volatile Function<HttpServerRequest, Future<?>> answer =
            request -> request.response().setStatusCode(404).end();
    private HttpServer server;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    };

    @BeforeEach
    void serve() throws Exception {
        server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    answer.apply(request).onFailure(cut -> cutAnswers.incrementAndGet());
                })
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) throws Exception {
        return await(future.transform(done -> Future.succeededFuture(done.cause())));
    }

    private Future<TokenVerifier> create() {
        URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks.json");
        return TokenVerifiers.create(vertx, config(new AuthConfig.Jwks(url)), clock);
    }

    private void publish(String... keys) {
        JsonArray array = new JsonArray();
        List.of(keys).forEach(key -> array.add(new JsonObject(key)));
        String body = new JsonObject().put("keys", array).encode();
        answer = request -> request.response().end(body);
    }

    private static String jwk(String id, KeyPair pair) {
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .keyID(id)
                .build()
                .toJSONString();
    }

    private static String token(String id, KeyPair pair) {
        JsonObject header = new JsonObject().put("alg", "RS256").put("kid", id);
        JsonObject claims = claims().put("exp", Tokens.NOW + 36_000);
        return Tokens.signed(header, claims, pair, "SHA256withRSA");
    }

    @Test
    void keysOfEveryKindComeFromTheUrlAndUnusableOnesAreSkipped() throws Exception {
        KeyPair ed = Tokens.ed25519();
        byte[] spki = ed.getPublic().getEncoded();
        String x = Tokens.encode(java.util.Arrays.copyOfRange(spki, spki.length - 32, spki.length));
        String ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) CURVE.getPublic())
                .keyID("c")
                .build()
                .toJSONString();
        publish(
                "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + Tokens.encode(Tokens.secret()) + "\"}",
                "{\"kty\":\"quantum\",\"kid\":\"q\"}",
                jwk("a", FIRST),
                ec,
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\"" + x + "\"}",
                new RSAKey.Builder((RSAPublicKey) SECOND.getPublic())
                        .keyID("enc")
                        .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                        .build()
                        .toJSONString());
        TokenVerifier verifier = await(create());

        assertThat(await(verifier.verify(token("a", FIRST))).subject()).contains("alice");
        assertThat(await(verifier.verify(Tokens.signed(
                                new JsonObject().put("alg", "ES256").put("kid", "c"),
                                claims(),
                                CURVE,
                                "SHA256withECDSAinP1363Format")))
                        .subject())
                .contains("alice");
        JsonObject edHeader = new JsonObject().put("alg", "EdDSA").put("kid", "e");
        assertThat(await(verifier.verify(Tokens.signed(edHeader, claims(), ed, "Ed25519")))
                        .subject())
                .contains("alice");
        JsonObject secretHeader = new JsonObject().put("alg", "HS256").put("kid", "s");
        assertThat(failure(verifier.verify(Tokens.hs256(secretHeader, claims(), Tokens.secret()))))
                .isInstanceOf(HubException.class);
        assertThat(failure(verifier.verify(token("enc", SECOND)))).isInstanceOf(HubException.class);
        assertThat(failure(verifier.verify(token("c", FIRST)))).isInstanceOf(HubException.class);
    }

    @Test
    @Attack("S21")
    void anUnknownKeyIsAskedForOnceIn30Seconds() throws Exception {
        publish(jwk("a", FIRST));
        TokenVerifier verifier = await(create());
        publish(jwk("b", SECOND));
        assertThat(failure(verifier.verify(token("b", SECOND)))).isInstanceOf(HubException.class);
        assertThat(fetches).hasValue(1);

        now.addAndGet(30_000);
        List<Future<?>> storm = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            storm.add(verifier.verify(token("unknown" + i, SECOND)));
        }
        for (Future<?> each : storm) {
            assertThat(failure(each)).isInstanceOf(HubException.class);
        }
        assertThat(fetches).as("one for the storm").hasValue(2);
        assertThat(await(verifier.verify(token("b", SECOND))).subject()).contains("alice");
        assertThat(failure(verifier.verify(token("a", FIRST))))
                .as("rotated away")
                .isInstanceOf(HubException.class);
    }

    @Test
    void oldKeysAreFetchedAgainBeforeTheyAreUsed() throws Exception {
        publish(jwk("a", FIRST));
        TokenVerifier verifier = await(create());
        publish(jwk("b", SECOND));
        now.addAndGet(JwksKeys.MAX_AGE.toMillis());
        assertThat(failure(verifier.verify(token("a", FIRST)))).isInstanceOf(HubException.class);
        assertThat(await(verifier.verify(token("b", SECOND))).subject()).contains("alice");
    }

    @Test
    @Attack("S21")
    void theLastGoodKeysStayWhateverTheUrlAnswers() throws Exception {
        publish(jwk("a", FIRST));
        TokenVerifier verifier = await(create());
        List<Function<HttpServerRequest, Future<?>>> answers = List.of(
                request -> request.response().setStatusCode(500).end(),
                request -> request.response().end("{\"keys\":[]}"),
                request -> request.response().end("not json"),
                request -> request.response().end("x".repeat(JwksFetcher.MAX_BYTES + 1)),
                request -> request.connection().close());
        for (Function<HttpServerRequest, Future<?>> bad : answers) {
            answer = bad;
            now.addAndGet(JwksKeys.MAX_AGE.toMillis());
            int before = fetches.get();
            assertThat(await(verifier.verify(token("a", FIRST))).subject()).contains("alice");
            assertThat(fetches.get()).isGreaterThan(before);
        }
    }

    @Test
    @Attack("S21")
    void aRedirectIsNotFollowed() throws Exception {
        AtomicInteger elsewhere = new AtomicInteger();
        answer = request -> {
            if (request.path().equals("/other")) {
                elsewhere.incrementAndGet();
            }
            return request.response()
                    .setStatusCode(302)
                    .putHeader("Location", "/other")
                    .end();
        };
        assertThat(failure(create())).hasMessageContaining("status 302");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void aBadSourceOfKeysFailsTheStartInPlainWords() throws Exception {
        publish("{\"kty\":\"quantum\"}");
        assertThat(failure(create())).isInstanceOf(HubException.class).hasMessageContaining("no usable key");
        for (String url : List.of("http://example.com/jwks", "file:///etc/passwd", "jwks")) {
            assertThat(failure(TokenVerifiers.create(vertx, config(new AuthConfig.Jwks(URI.create(url))), clock)))
                    .hasMessageContaining("must start with https://");
        }
        assertThat(failure(TokenVerifiers.create(
                        vertx, config(new AuthConfig.PublicKey(Path.of("no-such-file.pem"))), clock)))
                .hasMessage("auth.jwt: the key file cannot be read");
        assertThat(failure(TokenVerifiers.create(vertx, config(new AuthConfig.Secret("short")), clock)))
                .hasMessageContaining("32 bytes");
    }

    @Test
    void aKeyFileIsRead() throws Exception {
        Path file = java.nio.file.Files.createTempFile("hub", ".pem");
        java.nio.file.Files.writeString(file, Tokens.pem(FIRST));
        TokenVerifier verifier = await(TokenVerifiers.create(vertx, config(new AuthConfig.PublicKey(file)), clock));
        java.nio.file.Files.delete(file);
        String token = Tokens.signed(new JsonObject().put("alg", "RS256"), claims(), FIRST, "SHA256withRSA");
        assertThat(await(verifier.verify(token)).subject()).contains("alice");
    }
}
