package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TailViewTest {
    private long millis = 5_000;
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
            return Instant.ofEpochMilli(millis);
        }
    };

    private static Buffer frame(Object body) {
        return new JsonObject()
                .put("type", "rec")
                .put("address", "room:1")
                .put("body", body)
                .toBuffer();
    }

    private static Buffer event() {
        return frame(new JsonObject().put("type", "said").put("payload", new JsonObject().put("text", "secret words")));
    }

    @Test
    void maskedPayloadsAreOnlyMeasured() {
        TailView view = new TailView(true, Long.MAX_VALUE, clock);
        assertThat(view.lines(event()).toString())
                .doesNotContain("secret")
                .contains("\"type\":\"said\"", "\"payloadBytes\":23")
                .endsWith("\n");
    }

    @Test
    void aBodyOfAnyKindIsMaskedWhole() {
        TailView view = new TailView(true, Long.MAX_VALUE, clock);
        for (Object body : new Object[] {
            "secret",
            new JsonArray().add("secret"),
            new JsonObject().put("secret", 1),
            new JsonObject().put("type", "secret")
        }) {
            assertThat(view.lines(frame(body)).toString())
                    .doesNotContain("secret")
                    .contains("payloadBytes");
        }
    }

    @Test
    void whatIsTooMuchIsCountedAndToldBeforeTheNext() {
        TailView view = new TailView(false, 2, clock);
        assertThat(view.lines(event()).length()).isPositive();
        assertThat(view.lines(event()).length()).isPositive();
        assertThat(view.lines(event()).length()).isZero();
        assertThat(view.lines(event()).length()).isZero();
        millis += 1_000;
        assertThat(view.lines(event()).toString().lines()).hasSize(2).first().isEqualTo("{\"leftOut\":2}");
        assertThat(view.lines(event()).toString().lines()).hasSize(1);
    }
}
