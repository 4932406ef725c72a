package dev.hubbub;

import dev.hubbub.config.HttpConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a renewed certificate of the public listener in force while it serves.
 *
 * <p>New handshakes get the new one; connections that are open go on. A pair that cannot be read, or whose key is not
 * the certificate's, changes nothing and is told once for each content of the files: they are written one after the
 * other, so this may pass by itself. Looked at from the node's own context only.
 */
final class Certificates {
    private static final Logger log = LoggerFactory.getLogger(Certificates.class);
    private static final String[] KEY_TYPES = {"RSA", "EC", "EdDSA"};

    private final Vertx vertx;
    private final Counter succeeded;
    private final Counter failed;
    private final AtomicReference<Listening> listening = new AtomicReference<>();
    private Pair seen = new Pair(Buffer.buffer(), Buffer.buffer());

    private record Listening(HttpServer server, ServerSSLOptions options) {}

    private record Pair(Buffer certificate, Buffer key) {
        PemKeyCertOptions options() {
            return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
        }
    }

    Certificates(Vertx vertx, MeterRegistry registry) {
        this.vertx = vertx;
        this.succeeded = registry.counter("hubbub.tls.reloads", "result", "succeeded");
        this.failed = registry.counter("hubbub.tls.reloads", "result", "failed");
    }

    /** A listener serves with these options; all loops share one, so the first is enough. */
    void serves(HttpServer server, ServerSSLOptions options) {
        listening.compareAndSet(null, new Listening(server, options));
    }

    /** Remembers what the listener began with. */
    void begin(HttpConfig.Tls files) {
        read(files).onSuccess(pair -> seen = pair).onFailure(Certificates::unread);
    }

    /** Looks whether the files have changed, and puts what is new in force. */
    void look(HttpConfig.Tls files) {
        read(files).compose(this::apply).onFailure(Certificates::unread);
    }

    private static void unread(Throwable failure) {
        log.debug("certificate not read reason={}", failure.getMessage());
    }

    private Future<Pair> read(HttpConfig.Tls files) {
        return vertx.fileSystem()
                .readFile(files.certificate().toString())
                .compose(certificate ->
                        vertx.fileSystem().readFile(files.key().toString()).map(key -> new Pair(certificate, key)));
    }

    private Future<Void> apply(Pair pair) {
        Listening now = listening.get();
        if (now == null || pair.equals(seen)) {
            return Future.succeededFuture();
        }
        seen = pair;
        return vertx.<X509Certificate>executeBlocking(() -> certificateOf(pair), false)
                .compose(certificate -> now.server()
                        .updateSSLOptions(now.options().copy().setKeyCertOptions(pair.options()), true)
                        .map(certificate))
                .onSuccess(certificate -> {
                    succeeded.increment();
                    log.info(
                            "certificate renewed notAfter={}",
                            certificate.getNotAfter().toInstant());
                })
                .onFailure(failure -> {
                    failed.increment();
                    log.warn("certificate not renewed, the old one stays in force reason={}", failure.getMessage());
                })
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Returns the certificate; throws when the key is another one's, which the listener would find out by failing. */
    private X509Certificate certificateOf(Pair pair) throws Exception {
        for (KeyManager manager : pair.options().getKeyManagerFactory(vertx).getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                for (String type : KEY_TYPES) {
                    String[] aliases = keys.getServerAliases(type, null);
                    if (aliases != null && aliases.length > 0) {
                        X509Certificate certificate = keys.getCertificateChain(aliases[0])[0];
                        requirePair(keys.getPrivateKey(aliases[0]), certificate);
                        return certificate;
                    }
                }
            }
        }
        throw new GeneralSecurityException("there is no certificate with an RSA, EC or EdDSA key");
    }

    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = "hubbub".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(text);
        byte[] signature = signer.sign();
        signer.initVerify(certificate.getPublicKey());
        signer.update(text);
        if (!signer.verify(signature)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }
}
