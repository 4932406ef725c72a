package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventBodyTest {

    private static final long LARGEST_SEQUENCE = (1L << 32) - 1;
    private static final long LARGEST_NANOS = (1L << 48) - 1;

    @Test
    void everyBodyIsTwoHundredBytesOfJsonThatSurviveReencoding() {
        for (long sequence : new long[] {1, 9_999, 123_456_789, LARGEST_SEQUENCE}) {
            byte[] body = EventBody.render(254, sequence, LARGEST_NANOS);

            assertThat(body).hasSize(EventBody.BYTES);
            String text = new String(body, StandardCharsets.UTF_8);
            assertThat(new JsonObject(text).encode()).isEqualTo(text);
        }
    }

    @Test
    void anEventIsFoundWhereverItsBodyStands() {
        byte[] body = EventBody.render(7, 4_711, 1_234_567_890_123L);
        for (int before = 0; before < 64; before++) {
            ByteBuffer message = bytes("h".repeat(before) + new String(body, StandardCharsets.UTF_8) + "}");

            int at = EventBody.find(message, 0, message.limit());

            assertThat(EventBody.slot(message, at)).isEqualTo(7);
            assertThat(EventBody.sequence(message, at)).isEqualTo(4_711);
            assertThat(EventBody.nanos(message, at)).isEqualTo(1_234_567_890_123L);
            assertThat(EventBody.find(message, at, message.limit())).isEqualTo(-1);
        }
    }

    @Test
    void severalEventsOfOneSockJsFrameAreAllFound() {
        JsonObject one = new JsonObject().put("type", "rec").put("body", json(1, 10));
        JsonObject two = new JsonObject().put("type", "rec").put("body", json(2, 20));
        ByteBuffer message = bytes("a[" + quoted(one) + "," + quoted(two) + "]");

        int first = EventBody.find(message, 0, message.limit());
        int second = EventBody.find(message, first, message.limit());

        assertThat(EventBody.sequence(message, first)).isEqualTo(10);
        assertThat(EventBody.sequence(message, second)).isEqualTo(20);
        assertThat(EventBody.find(message, second, message.limit())).isEqualTo(-1);
        assertThat(EventBody.carriedWhole(message, 0, message.limit(), EventBody.render(2, 20, 5)))
                .isTrue();
    }

    @Test
    void otherFramesCarryNoEvent() {
        for (String text : new String[] {"", "h", "o", "{\"type\":\"pong\"}", "~".repeat(40), "~".repeat(16) + "00"}) {
            ByteBuffer message = bytes(text);
            assertThat(EventBody.find(message, 0, message.limit())).as(text).isEqualTo(-1);
        }
    }

    @Test
    void aChangedByteIsNoticed() {
        byte[] body = EventBody.render(1, 2, 3);
        byte[] changed = body.clone();
        changed[body.length - 5]++;

        assertThat(EventBody.carriedWhole(ByteBuffer.wrap(body), 0, body.length, body))
                .isTrue();
        assertThat(EventBody.carriedWhole(ByteBuffer.wrap(changed), 0, body.length, body))
                .isFalse();
    }

    private static JsonObject json(int slot, long sequence) {
        return new JsonObject(new String(EventBody.render(slot, sequence, 5), StandardCharsets.UTF_8));
    }

    private static String quoted(JsonObject json) {
        return "\"" + json.encode().replace("\"", "\\\"") + "\"";
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
