package dev.hubbub.demo;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demos' back end as a process of its own, beside the nodes of a cluster; see {@code scripts/cluster}. */
public final class DemoMain {
    private static final Logger log = LoggerFactory.getLogger(DemoMain.class);

    private DemoMain() {}

    /**
     * Starts it with the config in a file; ends with status 1 when it cannot start.
     *
     * @param arguments the name of a JSON file; see {@link DemoSettings}
     * @throws IOException when the file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("give the name of one JSON file");
        }
        JsonObject config = new JsonObject(Files.readString(Path.of(arguments[0])));
        Vertx vertx = Vertx.vertx();
        vertx.deployVerticle(new DemoVerticle(), new DeploymentOptions().setConfig(config))
                .onSuccess(id -> log.info("demos are ready port={}", config.getInteger("port")))
                .onFailure(failure -> {
                    log.error("demos could not start", failure);
                    System.exit(1);
                });
    }
}
