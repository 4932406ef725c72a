package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bench.Dialect.Heard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerDialectTest {
    private static final byte[] BODY = EventBody.render(7, 42, 1_000);

    @ParameterizedTest
    @EnumSource
    void aPublishedBodyIsFoundWhole(PeerDialect dialect) {
        ByteBuffer message = ByteBuffer.wrap(dialect.publish("bench:a1", BODY));

        int at = EventBody.find(message, 0, message.limit());

        assertThat(EventBody.slot(message, at)).isEqualTo(7);
        assertThat(EventBody.sequence(message, at)).isEqualTo(42);
        assertThat(EventBody.carriedWhole(message, 0, message.limit(), BODY)).isTrue();
    }

    @Test
    void socketIoWaitsForItsConnectAndAnswersPings() {
        assertThat(PeerDialect.SOCKET_IO.waitsForReady()).isTrue();
        assertThat(PeerDialect.SOCKET_IO.hear("0{\"sid\":\"x\"}")).isEqualTo(Heard.NOTHING);
        assertThat(PeerDialect.SOCKET_IO.hear("40{\"sid\":\"x\"}").ready()).isTrue();
        assertThat(PeerDialect.SOCKET_IO.hear("2").answer().map(PeerDialectTest::text))
                .contains("3");
        assertThat(PeerDialect.SOCKET_IO.hear("44{\"message\":\"no\"}").refused())
                .isTrue();
        assertThat(PeerDialect.SOCKET_IO.subscribe("bench:a").map(PeerDialectTest::text))
                .contains("42[\"s\",\"bench:a\"]");
    }

    @Test
    void natsAnswersPingsAndSaysHowLongABodyIs() {
        assertThat(PeerDialect.NATS.hear("PING\r\n").answer().map(PeerDialectTest::text))
                .contains("PONG\r\n");
        assertThat(PeerDialect.NATS.hear("-ERR 'Authorization Violation'\r\n").refused())
                .isTrue();
        assertThat(text(PeerDialect.NATS.publish("bench:a", BODY)))
                .startsWith("PUB bench:a 200\r\n{")
                .endsWith("}\r\n");
    }

    @Test
    void nchanTakesTheAddressFromThePath() {
        assertThat(PeerDialect.NCHAN.subscriberPath("bench:a")).isEqualTo("/sub?a=bench:a");
        assertThat(PeerDialect.NCHAN.publisherPath("bench:a")).isEqualTo("/pub?a=bench:a");
        assertThat(PeerDialect.NCHAN.publishesAnywhere()).isFalse();
        assertThat(PeerDialect.NCHAN.subscribe("bench:a")).isEmpty();
    }

    @Test
    void anErrorOfTheBridgeIsARefusal() {
        assertThat(BridgeTransport.PLAIN
                        .hear("{\"type\":\"err\",\"message\":\"no\"}")
                        .refused())
                .isTrue();
        assertThat(BridgeTransport.SOCKJS
                        .hear("a[\"{\\\"type\\\":\\\"err\\\"}\"]")
                        .refused())
                .isTrue();
        assertThat(BridgeTransport.SOCKJS.hear("o")).isEqualTo(Heard.NOTHING);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
