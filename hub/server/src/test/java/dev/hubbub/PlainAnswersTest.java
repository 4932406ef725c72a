package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.fuzz.FuzzText;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No answer of a real node tells of its inside: no class, no stack, no path of the machine. */
class PlainAnswersTest {
    @TempDir
    private Path folder;

    private static String request(String line, String body) {
        return line
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private void judge(int port, String request) {
        try (Wire wire = new Wire(port)) {
            Wire.Answer answer = wire.http(request);
            assertThat(answer.status()).as(request).isBetween(200, 499);
            judge(answer.headers() + answer.body());
        }
    }

    private void judge(String answer) {
        FuzzText.saysNothingOfTheInside(answer, "");
        assertThat(answer).doesNotContain("\tat ", folder.toString(), "/hub/server/", System.getProperty("java.home"));
    }

    @Test
    void provokedErrorsTellNothingOfTheInside() {
        try (TestNode node = TestNode.start(folder)) {
            for (String line : List.of(
                    "GET /nothing",
                    "GET /%00",
                    "GET /..%2f..%2fetc/passwd",
                    "POST /api/v1/publish",
                    "GET /api/v1/addresses/%ff/events",
                    "PUT /api/v1/publish",
                    "GET /sse?address=a%20b&access_token=x",
                    "GET /sse",
                    "GET /eventbus/info",
                    "POST /eventbus/000/abcdefgh/xhr_send",
                    "GET /eventbus/websocket")) {
                judge(node.port(), request(line, "{\"a\":[1,"));
            }
            for (String line :
                    List.of("GET /nothing", "POST /ops/v1/reload", "GET /ops/v1/tail?address=%ff", "GET /ops/v1/%00")) {
                judge(node.opsPort(), request(line, "{\"a\":[1,"));
            }
            WireRefusals.all().stream().filter(refusal -> refusal.close() == 0).forEach(refusal -> {
                try (Wire wire = node.connect("alice")) {
                    wire.raw(refusal.bytes());
                    judge(wire.readText());
                }
            });
        }
    }
}
