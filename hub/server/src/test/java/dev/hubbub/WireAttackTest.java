package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hubbub.WireRefusals.Refusal;
import dev.hubbub.attack.Attack;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A real node under attack: every misdeed gets its documented refusal, and nobody else notices.
 *
 * <p>A probe listens to a steady stream on the same node all the while. The last look is at what the attackers left
 * behind: connections, and errors in the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireAttackTest {
    private static final String PING = "{\"type\":\"ping\"}";
    private static final long DEADLINE_MILLIS = 3_000;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> done = new ArrayList<>();
    private TestNode node;
    private Probe probe;

    @BeforeAll
    void start(@TempDir Path folder) {
        log.start();
        root().addAppender(log);
        node = TestNode.start(folder);
        probe = new Probe(node);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** What is true of every test above is judged here, when all of them have run. */
    @AfterAll
    void nobodyElseNoticed() {
        try {
            TestNode.eventually("only the probe is connected", () -> node.connections() == 2);
            assertThat(probe.judge(DEADLINE_MILLIS)).isEmpty();
            assertThat(probe.heard()).isGreaterThan(50);
            assertThat(log.list.stream()
                            .filter(line -> line.getLevel().isGreaterOrEqual(Level.ERROR))
                            .map(ILoggingEvent::toString))
                    .isEmpty();
            assertThat(done).hasSizeGreaterThan(700);
        } finally {
            root().detachAppender(log);
            probe.close();
            node.close();
        }
    }

    @Test
    @Attack({"S22", "S6"})
    void everyBadMessageOnAPlainWebSocketGetsItsRefusal() {
        for (Refusal refusal : WireRefusals.all()) {
            try (Wire wire = node.connect("alice")) {
                wire.raw(refusal.bytes());
                expect(refusal, wire);
            }
            done.add("plain " + refusal.name());
        }
    }

    private static void expect(Refusal refusal, Wire wire) {
        if (!refusal.err().isEmpty()) {
            expectErr(refusal, new JsonObject(wire.readText()));
        }
        if (refusal.close() == 0) {
            wire.text(PING);
            for (String text = wire.readText(); !text.contains("\"pong\""); text = wire.readText()) {
                assertThat(text).as(refusal.name()).contains("\"rec\"");
            }
            return;
        }
        Wire.Message close = wire.read();
        assertThat(close.opcode()).as(refusal.name()).isEqualTo(Wire.CLOSE);
        assertThat(close.closeCode()).as(refusal.name()).isEqualTo(refusal.close());
        wire.frame(Wire.FINAL | Wire.CLOSE, close.payload());
    }

    private static void expectErr(Refusal refusal, JsonObject err) {
        assertThat(err.getString("type")).as(refusal.name() + " " + err).isEqualTo("err");
        assertThat(err.getString("failureType")).as(refusal.name()).isEqualTo(refusal.err());
        assertThat(err.getInteger("failureCode")).as(refusal.name()).isPositive();
        assertThat(err.getString("message")).as(refusal.name()).isNotBlank().doesNotContain("Exception");
        assertThat(err.getValue("details")).as(refusal.name()).isInstanceOf(JsonObject.class);
        if (!refusal.about().isEmpty()) {
            assertThat(err.getString("address")).as(refusal.name()).isEqualTo(refusal.about());
        }
        if (refusal.err().equals("POSITION_LOST")) {
            assertThat(err.getJsonObject("details").getString("position")).matches("[^.]+\\.[^:]+:\\d+");
            assertThat(err.getJsonObject("details").getString("reason")).isEqualTo("epoch");
        }
    }

    @Test
    void everyBadFrameInABatchGetsItsRefusalAndTheOthersAreServed() {
        for (Refusal refusal : WireRefusals.all()) {
            String text = textOf(refusal);
            boolean isJson =
                    refusal.name().startsWith("event") || refusal.name().startsWith("register");
            if (refusal.close() == 0 && isJson) {
                try (Wire wire =
                        Wire.upgraded(node.port(), "/eventbus/websocket?batch=true&token=" + TestNode.token("alice"))) {
                    wire.text("[" + text + "," + PING + "]");
                    List<JsonObject> heard = frames(wire, 2);
                    expectErr(refusal, ofType(heard, "err"));
                    assertThat(ofType(heard, "pong")).isNotNull();
                }
                done.add("batch " + refusal.name());
            }
        }
    }

    private static List<JsonObject> frames(Wire wire, int count) {
        List<JsonObject> all = new ArrayList<>();
        while (all.size() < count) {
            String text = wire.readText();
            if (text.startsWith("[")) {
                new JsonArray(text).forEach(frame -> all.add((JsonObject) frame));
            } else {
                all.add(new JsonObject(text));
            }
        }
        return all;
    }

    private static JsonObject ofType(List<JsonObject> frames, String type) {
        return frames.stream()
                .filter(frame -> type.equals(frame.getString("type")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + frames));
    }

    /** Unmasks the one text frame of a refusal. */
    private static String textOf(Refusal refusal) {
        byte[] bytes = refusal.bytes();
        int length = bytes.length < 2 ? 0 : bytes[1] & 0x7f;
        int header = length < 126 ? 6 : length == 126 ? 8 : 14;
        byte[] text = new byte[Math.max(0, bytes.length - header)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (bytes[header + i] ^ bytes[header - 4 + i % 4]);
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    @Test
    void everyBadFrameInSockJsFramingGetsItsRefusal() {
        int session = 0;
        for (Refusal refusal : WireRefusals.all()) {
            if (isOneText(refusal)) {
                String path = "/eventbus/000/ws" + session++ + "/websocket?token=" + TestNode.token("alice");
                try (Wire wire = Wire.upgraded(node.port(), path)) {
                    assertThat(wire.readText()).isEqualTo("o");
                    wire.text(Json.encode(List.of(textOf(refusal))));
                    JsonArray messages = new JsonArray(wire.readText().substring(1));
                    expectErr(refusal, new JsonObject(messages.getString(0)));
                }
                done.add("sockjs " + refusal.name());
            }
        }
    }

    private static boolean isOneText(Refusal refusal) {
        boolean json = !refusal.err().isEmpty()
                && refusal.close() == 0
                && !textOf(refusal).isEmpty();
        return json && !refusal.name().startsWith("binary") && !refusal.name().startsWith("empty");
    }

    @Test
    @Attack({"S10", "S13", "S14", "S15", "S18"})
    void everyBadTokenIsRefusedWhereverItIsShown() {
        WireRefusals.tokens().forEach((name, token) -> {
            try (Wire query = Wire.upgraded(node.port(), "/eventbus/websocket?access_token=" + token)) {
                expect(new Refusal("query: " + name, new byte[0], "NOT_LOGGED_IN", "", 4401), query);
            }
            try (Wire header = Wire.upgraded(node.port(), "/eventbus/websocket", "Authorization: Bearer " + token)) {
                expect(new Refusal("header: " + name, new byte[0], "NOT_LOGGED_IN", "", 4401), header);
            }
            try (Wire frame = Wire.upgraded(node.port(), "/eventbus/websocket")) {
                frame.text(WireRefusals.send("hub.auth", "{\"token\":" + Json.encode(token) + "}"));
                expect(new Refusal("frame: " + name, new byte[0], "NOT_LOGGED_IN", "r1", 4401), frame);
            }
            try (Wire api = new Wire(node.port())) {
                String body = "{\"address\":\"room:1\",\"event\":" + WireRefusals.EVENT + "}";
                Wire.Answer answer = api.post(
                        "/api/v1/publish", body, "Content-Type: application/json", "Authorization: Bearer " + token);
                assertThat(answer.status()).as("api: " + name).isEqualTo(401);
                assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("not_logged_in");
            }
            done.addAll(List.of("query " + name, "header " + name, "frame " + name, "api " + name));
        });
    }

    @Test
    void withoutATokenOnlyLoginAndPingAreServed() {
        try (Wire wire = Wire.upgraded(node.port(), "/eventbus/websocket")) {
            wire.text(WireRefusals.register("room:1", "{}"));
            wire.text(WireRefusals.send("room:1", WireRefusals.EVENT));
            wire.text(PING);
            assertThat(new JsonObject(wire.readText()).getString("address")).isEqualTo("room:1");
            assertThat(new JsonObject(wire.readText()).getString("failureType")).isEqualTo("NOT_LOGGED_IN");
            assertThat(wire.readText()).isEqualTo("{\"type\":\"pong\"}");
            wire.text(WireRefusals.send("hub.auth", "{\"token\":\"" + TestNode.token("alice") + "\"}"));
            assertThat(new JsonObject(wire.readText()).getJsonObject("body").getString("user"))
                    .isEqualTo("alice");
        }
    }

    @Test
    void aFloodEndsWith4429AndAFloodOfNonsenseWith4403() {
        try (Wire wire = node.connect("alice")) {
            for (int i = 0; i < 2_000; i++) {
                wire.text(PING);
            }
            assertThat(lastClose(wire, "RATE_LIMITED")).isEqualTo(4429);
        }
        try (Wire wire = node.connect("alice")) {
            for (int i = 0; i < 200; i++) {
                wire.text("nonsense");
            }
            assertThat(lastClose(wire, "BAD_FRAME")).isEqualTo(4403);
        }
    }

    private static int lastClose(Wire wire, String before) {
        String last = "";
        for (Wire.Message message = wire.read(); ; message = wire.read()) {
            if (message.opcode() != Wire.TEXT) {
                assertThat(last).contains(before);
                return message.closeCode();
            }
            last = message.text();
        }
    }

    @Test
    @Attack("S29")
    void pipelinedRegistersStopAtTheCapAndPlacesAreGivenBack() {
        try (Wire wire = node.connect("alice")) {
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                all.add(Wire.bytes(
                        Wire.FINAL | Wire.TEXT,
                        WireRefusals.register("room:" + i, "{\"notices\":\"true\"}")
                                .getBytes(StandardCharsets.UTF_8)));
            }
            wire.raw(WireRefusals.join(all));
            int refused = 0;
            int subscribed = 0;
            while (refused + subscribed < 60) {
                JsonObject frame = new JsonObject(wire.readText());
                if ("LIMIT_REACHED".equals(frame.getString("failureType"))) {
                    refused++;
                } else if ("hub.subscribed".equals(frame.getString("event"))) {
                    subscribed++;
                }
            }
            assertThat(subscribed).isEqualTo(TestNode.SUBSCRIPTIONS);
            for (int i = 0; i < 30; i++) {
                wire.text("{\"type\":\"unregister\",\"address\":\"room:0\"}");
                wire.text(WireRefusals.register("room:0", "{\"notices\":\"true\"}"));
            }
            wire.text("{\"type\":\"unregister\",\"address\":\"room:0\"}");
            wire.text(WireRefusals.register("room:new", "{\"notices\":\"true\"}"));
            String heard = wire.readText();
            while (!heard.contains("room:new")) {
                heard = wire.readText();
            }
            assertThat(heard).contains("hub.subscribed");
        }
    }

    @Test
    @Attack("S28")
    void connectionsThatEndInTheMiddleOfALoginLeaveNothing() {
        for (int i = 0; i < 50; i++) {
            Wire wire = new Wire(node.port());
            wire.raw(("GET /eventbus/websocket?token=" + TestNode.token("alice")
                            + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            if (i % 2 == 0) {
                wire.text(WireRefusals.register("room:1", "{}"));
            }
            wire.close();
        }
    }
}
