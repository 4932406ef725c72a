package dev.hubbub;

import dev.hubbub.config.AuthConfig;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service on the class path that asks to run beside a node in development mode: the demos' back end.
 *
 * <p>It is found by the resource {@value #RESOURCE}, a properties file with {@code verticle} (a class name),
 * {@code publish} and {@code read} (address patterns with blanks between). The node deploys the verticle when it is
 * ready, tells it by its deployment's config where the hub is and with which keys to speak, and lets {@code /demo} of
 * its public listener lead to the port that the verticle has put under {@code port} into the node's own shared map
 * {@value #MAP}. In production nothing of it is looked for.
 *
 * @param verticle the name of the class
 * @param publish where its key may publish
 * @param read what its key may read
 */
record DevelopmentService(String verticle, List<String> publish, List<String> read) {
    private static final Logger log = LoggerFactory.getLogger(DevelopmentService.class);
    private static final String RESOURCE = "META-INF/hubbub/development-service.properties";
    private static final String MAP = "hubbub.development";

    /** Looks for one on the class path. */
    static Optional<DevelopmentService> find() {
        try (InputStream in = DevelopmentService.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                return Optional.empty();
            }
            Properties found = new Properties();
            found.load(in);
            return Optional.of(new DevelopmentService(
                    found.getProperty("verticle", "").trim(), words(found, "publish"), words(found, "read")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> words(Properties found, String key) {
        return Stream.of(found.getProperty(key, "").trim().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Deploys it beside a node that serves. One that fails is told in the log: the node goes on without it. */
    Future<Void> deploy(Vertx vertx, DevelopmentMode development, String hubUrl, String opsUrl) {
        JsonObject config = new JsonObject()
                .put("hubUrl", hubUrl)
                .put("opsUrl", opsUrl)
                .put("serviceKey", development.serviceKey())
                .put("operatorKey", development.operatorKey());
        if (development.jwt().keys() instanceof AuthConfig.Secret secret) {
            config.put("secret", secret.value());
        }
        return vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config))
                .onSuccess(id -> log.info("development service runs verticle={} port={}", verticle, port(vertx)))
                .onFailure(failure -> log.warn("development service does not run verticle={}", verticle, failure))
                .mapEmpty();
    }

    /** Returns the port on which it listens on loopback; 0 while it does not. */
    static int port(Vertx vertx) {
        Integer port = vertx.sharedData().<String, Integer>getLocalMap(MAP).get("port");
        return port == null ? 0 : port;
    }
}
