package dev.hubbub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a line of the log is as JSON. */
class JsonLinesTest {

    private static JsonObject encoded(Optional<Throwable> thrown, String message, Object... values) {
        LoggingEvent line = new LoggingEvent();
        line.setLoggerName("dev.hubbub.HubNode");
        line.setLevel(Level.INFO);
        line.setThreadName("vert.x-eventloop-thread-0");
        line.setTimeStamp(1_767_225_600_000L);
        line.setMessage(message);
        line.setArgumentArray(values);
        thrown.ifPresent(cause -> line.setThrowableProxy(new ThrowableProxy(cause)));
        String text = new String(new JsonLines().encode(line), StandardCharsets.UTF_8);
        assertThat(text).endsWith("}\n").hasLineCount(1);
        return new JsonObject(text);
    }

    @Test
    void eventAndFieldsAreTakenFromTheLine() {
        JsonObject line = encoded(Optional.empty(), "node stopping clients={} node={}", 3, "n1");

        assertThat(line)
                .isEqualTo(new JsonObject()
                        .put("time", "2026-01-01T00:00:00Z")
                        .put("level", "INFO")
                        .put("logger", "dev.hubbub.HubNode")
                        .put("thread", "vert.x-eventloop-thread-0")
                        .put("message", "node stopping clients=3 node=n1")
                        .put("event", "node stopping")
                        .put("fields", new JsonObject().put("clients", 3).put("node", "n1")));
    }

    @Test
    void aValueWithoutANameShiftsNothing() {
        JsonObject line = encoded(Optional.empty(), "{} inbox={} id={}", "question_failed", "hub.x", "7");

        assertThat(line.getJsonObject("fields"))
                .isEqualTo(new JsonObject().put("inbox", "hub.x").put("id", "7"));
    }

    @Test
    void quotesAndLineBreaksStayInTheirLine() {
        JsonObject line = encoded(Optional.empty(), "odd text={}", "a \"b\"\n{c}");

        assertThat(line.getJsonObject("fields").getString("text")).isEqualTo("a \"b\"\n{c}");
    }

    @Test
    void aFailureHasItsStack() {
        JsonObject line = encoded(Optional.of(new IllegalStateException("broken")), "socket failed");

        assertThat(line.getJsonObject("error").getString("type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(line.getJsonObject("error").getString("stack")).contains("JsonLinesTest");
        assertThat(line.containsKey("fields")).isFalse();
    }
}
