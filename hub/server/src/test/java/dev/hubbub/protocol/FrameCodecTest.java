package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the codec to the golden frames and to a table of frames that must be refused. */
class FrameCodecTest {
    private static final Path FIXTURES = Path.of("..", "fixtures");

    static List<String> goldenFrames() {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no fixtures", e);
        }
    }

    private static JsonObject golden(String file) throws IOException {
        return new JsonObject(Buffer.buffer(Files.readAllBytes(FIXTURES.resolve(file))));
    }

    @ParameterizedTest
    @MethodSource("goldenFrames")
    void goldenFrameMeansWhatItsFileSays(String file) throws IOException {
        JsonObject golden = golden(file);
        String text = golden.getString("text");
        assertThat(file).isEqualTo(golden.getString("name") + ".json");
        if (golden.getString("direction").equals("server")) {
            assertThat(write(golden.getJsonObject("frame")).text().toString()).isEqualTo(text);
            return;
        }
        Decoded decoded = FrameCodec.decode(text);
        if (golden.containsKey("failure")) {
            assertThat(decoded).isInstanceOf(Decoded.Refused.class);
            Decoded.Refused refused = (Decoded.Refused) decoded;
            JsonObject failure = golden.getJsonObject("failure");
            assertThat(refused.why().code().name()).isEqualTo(failure.getString("code"));
            assertThat(refused.about().orElse(null)).isEqualTo(failure.getString("about"));
        } else {
            assertThat(decoded).isInstanceOf(Decoded.Frame.class);
            assertThat(meaning(((Decoded.Frame) decoded).frame())).isEqualTo(golden.getJsonObject("frame"));
        }
    }

    private static JsonObject meaning(ClientFrame frame) {
        JsonObject json = new JsonObject();
        if (frame instanceof ClientFrame.Register register) {
            return json.put("type", "register")
                    .put("address", register.address().value())
                    .put("headers", headers(register.headers()));
        }
        if (frame instanceof ClientFrame.Unregister unregister) {
            return json.put("type", "unregister")
                    .put("address", unregister.address().value());
        }
        if (frame instanceof ClientFrame.Publish publish) {
            return json.put("type", "publish")
                    .put("address", publish.address().value())
                    .put("headers", headers(publish.headers()))
                    .put("body", publish.body());
        }
        if (frame instanceof ClientFrame.Send send) {
            json.put("type", "send").put("address", send.address().value());
            send.replyAddress().ifPresent(reply -> json.put("replyAddress", reply));
            return json.put("headers", headers(send.headers())).put("body", send.body());
        }
        return json.put("type", "ping");
    }

    private static JsonObject headers(Map<String, String> headers) {
        JsonObject json = new JsonObject();
        headers.forEach(json::put);
        return json;
    }

    private static ServerFrame write(JsonObject frame) {
        Optional<String> address = Optional.ofNullable(frame.getString("address"));
        return switch (frame.getString("kind")) {
            case "event" ->
                new EventFrame(
                        new Address(address.orElseThrow()),
                        Optional.ofNullable(frame.getString("position")).flatMap(Position::parse),
                        new EventContent(
                                "01J",
                                Optional.of("t"),
                                "k",
                                Optional.empty(),
                                -1,
                                0,
                                0,
                                frame.getJsonObject("body").toBuffer()),
                        Optional.empty());
            case "reply" -> new ReplyFrame(address.orElseThrow(), frame.getValue("body"));
            case "pong" -> new PongFrame();
            case "err" ->
                new ErrFrame(
                        address,
                        new HubException(
                                ErrorCode.valueOf(frame.getString("code")),
                                frame.getString("message"),
                                frame.getJsonObject("details")));
            case "notice" -> new NoticeFrame(frame.getString("event"), frame.getJsonObject("message"));
            default -> throw new IllegalArgumentException(frame.getString("kind"));
        };
    }

    @ParameterizedTest
    @MethodSource("dev.hubbub.protocol.BadFrames#all")
    void badFrameIsRefusedWithItsCodeAndAddress(BadFrames.Bad bad) {
        Decoded decoded = FrameCodec.decode(bad.text());
        assertThat(decoded).as(bad.text()).isInstanceOf(Decoded.Refused.class);
        Decoded.Refused refused = (Decoded.Refused) decoded;
        assertThat(refused.why().code()).as(bad.text()).isEqualTo(bad.code());
        assertThat(refused.about()).as(bad.text()).isEqualTo(bad.about());
    }

    @Test
    void theTableOfBadFramesIsLargeEnoughToMeanSomething() {
        assertThat(BadFrames.all().count()).isGreaterThanOrEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource("dev.hubbub.protocol.BadFrames#sockJs")
    void badSockJsFramingIsRefused(String text) {
        List<Decoded> decoded = FrameCodec.decodeSockJs(text, 1_000);
        assertThat(decoded).as(text).isNotEmpty();
        assertThat(decoded.get(decoded.size() - 1)).as(text).isInstanceOf(Decoded.Refused.class);
    }

    @Test
    void sockJsCarriesOneStringOrAnArrayOfThem() {
        Decoded ping = new Decoded.Frame(new ClientFrame.Ping());
        assertThat(FrameCodec.decodeSockJs("\"{\\\"type\\\":\\\"ping\\\"}\"", 100))
                .containsExactly(ping);
        assertThat(FrameCodec.decodeSockJs("[\"{\\\"type\\\":\\\"ping\\\"}\",\"{\\\"type\\\":\\\"ping\\\"}\"]", 100))
                .containsExactly(ping, ping);
        assertThat(FrameCodec.decodeSockJs("[]", 100)).isEmpty();
    }

    @Test
    void innerSockJsMessageIsHeldToTheLimitInBytesNotCharacters() {
        String inner =
                "{\\\"type\\\":\\\"publish\\\",\\\"address\\\":\\\"a\\\",\\\"body\\\":\\\"" + "é".repeat(40) + "\\\"}";
        assertThat(FrameCodec.decodeSockJs("[\"" + inner + "\"]", 100))
                .singleElement()
                .isInstanceOfSatisfying(
                        Decoded.Refused.class,
                        refused -> assertThat(refused.why().code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThat(FrameCodec.decodeSockJs("[\"" + inner + "\"]", 200))
                .singleElement()
                .isInstanceOf(Decoded.Frame.class);
    }

    @Test
    void batchHoldsFramesInOrderAndRefusesEachBadOneByItself() {
        List<Decoded> decoded = FrameCodec.decodeBatch(
                "[{\"type\":\"ping\"},{\"type\":\"shout\",\"address\":\"a\"},{\"type\":\"unregister\",\"address\":\"b\"}]",
                1_000);
        assertThat(decoded).hasSize(3);
        assertThat(decoded.get(0)).isEqualTo(new Decoded.Frame(new ClientFrame.Ping()));
        assertThat(((Decoded.Refused) decoded.get(1)).about()).contains("a");
        assertThat(decoded.get(2)).isEqualTo(new Decoded.Frame(new ClientFrame.Unregister(new Address("b"))));
    }

    @Test
    void aFaultInOneFrameOfABatchLeavesTheOthersAlone() {
        List<Decoded> decoded = FrameCodec.decodeBatch(
                "[{\"type\":\"publish\",\"address\":\"a\",\"body\":1e999},{\"type\":\"ping\"},"
                        + "{\"type\":\"publish\",\"address\":\"b\",\"body\":{\"x\":1,\"x\":2}},{\"type\":\"ping\"}]",
                1_000);
        assertThat(decoded).hasSize(4);
        assertThat(((Decoded.Refused) decoded.get(0)).about()).contains("a");
        assertThat(decoded.get(1)).isEqualTo(new Decoded.Frame(new ClientFrame.Ping()));
        assertThat(((Decoded.Refused) decoded.get(2)).about()).contains("b");
        assertThat(decoded.get(3)).isEqualTo(new Decoded.Frame(new ClientFrame.Ping()));
    }

    @Test
    void everyFrameOfABatchIsHeldToTheLimit() {
        String large = "{\"type\":\"publish\",\"address\":\"a\",\"body\":\"" + "é".repeat(40) + "\"}";
        for (String text : List.of(large, "[" + large + "]", "[{\"type\":\"ping\"}, " + large + " ]")) {
            List<Decoded> decoded = FrameCodec.decodeBatch(text, 100);
            Decoded last = decoded.get(decoded.size() - 1);
            assertThat(last)
                    .isInstanceOfSatisfying(
                            Decoded.Refused.class,
                            refused -> assertThat(refused.why().code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
        assertThat(FrameCodec.decodeBatch("[" + large + "," + large + "]", 127))
                .hasSize(2)
                .allMatch(Decoded.Frame.class::isInstance);
    }

    @Test
    void largestExactIntegersAndDeepestNestingPass() {
        String deep = "[".repeat(31) + "]".repeat(31);
        for (String body : List.of("9007199254740992", "-9007199254740992", "1.7976931348623157e308", deep)) {
            assertThat(FrameCodec.decode("{\"type\":\"publish\",\"address\":\"a\",\"body\":" + body + "}"))
                    .as(body)
                    .isInstanceOf(Decoded.Frame.class);
        }
    }
}
