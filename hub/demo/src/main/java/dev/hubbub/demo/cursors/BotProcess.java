package dev.hubbub.demo.cursors;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of the bots: fifty ordinary clients of the hub in a JVM of their own, so that they can really be killed.
 *
 * <p>One process at most. It gets its orders over its standard input and ends when that ends: with the process that
 * started it. Used from one event loop; starting happens beside it.
 */
final class BotProcess {
    private static final Logger log = LoggerFactory.getLogger(BotProcess.class);

    private final Vertx vertx;
    private Optional<Process> process = Optional.empty();

    BotProcess(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Starts the bots, after killing those that run. */
    Future<Void> start(JsonObject orders) {
        return vertx.executeBlocking(() -> launch(orders)).map(started -> {
            Optional<Long> before = kill();
            process = Optional.of(started);
            log.info("bots started pid={} inPlaceOf={}", started.pid(), before.orElse(0L));
            return null;
        });
    }

    private static Process launch(JsonObject orders) {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BotsMain.class.getName())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);
        try {
            Process started = builder.start();
            started.getOutputStream().write((orders.encode() + "\n").getBytes(StandardCharsets.UTF_8));
            started.getOutputStream().flush();
            return started;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends the bots as a crash does: with SIGKILL, without a goodbye to anybody. */
    Optional<Long> kill() {
        Optional<Long> killed = process.filter(Process::isAlive).map(running -> {
            running.destroyForcibly();
            log.info("bots killed pid={}", running.pid());
            return running.pid();
        });
        process = Optional.empty();
        return killed;
    }

    /** Returns the process id, if they run. */
    Optional<Long> running() {
        return process.filter(Process::isAlive).map(Process::pid);
    }
}
