package dev.hubbub.protocol;

import static dev.hubbub.protocol.ErrorCode.BAD_ADDRESS;
import static dev.hubbub.protocol.ErrorCode.BAD_FRAME;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Messages that are not frames, and what the hub must say to each. */
public final class BadFrames {

    private BadFrames() {}

    /** One message, the code it is refused with, and the address that the refusal is about. */
    public record Bad(String text, ErrorCode code, Optional<String> about) {
        @Override
        public String toString() {
            return code + " " + (text.length() > 60 ? text.substring(0, 60) + "…" : text);
        }
    }

    /** Returns the table. */
    public static Stream<Bad> all() {
        List<Bad> all = new ArrayList<>();
        notJson(all);
        notFrames(all);
        wrongTypes(all);
        addresses(all);
        bodies(all);
        soundJsonThatIsRefused(all);
        replyAddresses(all);
        headers(all);
        return all.stream();
    }

    private static void notJson(List<Bad> all) {
        for (String text : List.of(
                "",
                " ",
                "{",
                "}",
                "[",
                "{]",
                "nul",
                "tru",
                "'ping'",
                "{type:\"ping\"}",
                "{'type':'ping'}",
                "{\"type\":\"ping\",}",
                "{\"type\" \"ping\"}",
                "{\"type\":\"ping\"",
                "\"",
                "{\"type\":\"pi\nng\"}",
                "{\"type\":\"\\x\"}",
                "{\"type\":\"\\u12\"}",
                "// ping",
                "{\"type\":\"ping\"/* */}",
                "NaN",
                "Infinity",
                "undefined",
                "01",
                "+1",
                "{\"a\":01,\"type\":\"ping\"}",
                "{\"a\":.5}",
                "{\"a\":5.}",
                "\u0000",
                "\uFEFF{}")) {
            all.add(new Bad(text, BAD_FRAME, Optional.empty()));
        }
    }

    private static void notFrames(List<Bad> all) {
        for (String text : List.of(
                "null",
                "true",
                "1",
                "\"ping\"",
                "[]",
                "[{\"type\":\"ping\"}]",
                "{}",
                "{\"type\":null}",
                "{\"type\":1}",
                "{\"type\":\"\"}",
                "{\"type\":\"PING\"}",
                "{\"type\":\"Ping\"}",
                "{\"type\":[\"ping\"]}",
                "{\"type\":{\"a\":1}}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "{\"type\":\"ping\"}]",
                "{\"type\":\"ping\"} 1",
                "{\"type\":\"ping\"},",
                "{\"Type\":\"ping\"}",
                "{\"type\":\"register\"}",
                "{\"type\":\"unregister\"}",
                "{\"type\":\"send\",\"body\":1}",
                "{\"type\":\"publish\",\"body\":1}",
                "{\"type\":\"rec\"}",
                "{\"type\":\"err\"}",
                "{\"type\":\"pong\"}")) {
            all.add(new Bad(text, BAD_FRAME, Optional.empty()));
        }
        for (String type : List.of("rec", "err", "pong", "subscribe", "reply", "", " register", "register ")) {
            all.add(new Bad("{\"type\":\"" + type + "\",\"address\":\"room:1\"}", BAD_FRAME, Optional.of("room:1")));
        }
    }

    private static void wrongTypes(List<Bad> all) {
        for (String type : List.of("register", "unregister", "send", "publish")) {
            for (String address : List.of("null", "1", "true", "[]", "[\"a\"]", "{}", "{\"a\":\"b\"}")) {
                all.add(new Bad(
                        "{\"type\":\"" + type + "\",\"address\":" + address + ",\"body\":1}",
                        BAD_FRAME,
                        Optional.empty()));
            }
        }
    }

    private static void addresses(List<Bad> all) {
        for (String address : List.of(
                "",
                " ",
                "a b",
                "a\\tb",
                "a\\u0000",
                "é",
                "ä",
                "漢",
                "a*",
                "a?b",
                "a#",
                "a%20",
                "a+b",
                "a,b",
                "a;b",
                "a=b",
                "a|b",
                "a~",
                "a!",
                "a$",
                "a&",
                "a(b)",
                "{ws}",
                "a[0]",
                "<a>",
                "a\\\\b",
                "a\\\"b",
                "a'b",
                "a^",
                "a`")) {
            for (String type : List.of("register", "publish")) {
                all.add(new Bad(
                        "{\"type\":\"" + type + "\",\"address\":\"" + address + "\"}",
                        BAD_ADDRESS,
                        Optional.of(unescape(address))));
            }
        }
        String tooLong = "a".repeat(Address.MAX_LENGTH + 1);
        all.add(new Bad("{\"type\":\"register\",\"address\":\"" + tooLong + "\"}", BAD_ADDRESS, Optional.of(tooLong)));
        all.add(new Bad(
                "{\"type\":\"send\",\"address\":\"a b\",\"replyAddress\":\"r1\"}", BAD_ADDRESS, Optional.of("r1")));
    }

    private static String unescape(String json) {
        return json.replace("\\t", "\t")
                .replace("\\u0000", "\u0000")
                .replace("\\\\", "\\")
                .replace("\\\"", "\"");
    }

    private static void bodies(List<Bad> all) {
        String deepObject =
                IntStream.range(0, 32).mapToObj(i -> "{\"a\":").collect(Collectors.joining()) + "1" + "}".repeat(32);
        for (String body : List.of(
                "9007199254740993",
                "-9007199254740993",
                "123456789012345678901234567890",
                "1".repeat(33),
                "1e400",
                "-1e400",
                "0." + "1".repeat(40),
                "[".repeat(32) + "]".repeat(32),
                "[".repeat(5_000),
                deepObject,
                "{\"a\":1,\"a\":1}",
                "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]",
                "{\"a\"}",
                "[1,]",
                "[,1]",
                "{\"a\":}",
                "1 2",
                "\"\\ud83\"",
                "--1",
                "0x10",
                "1_000",
                "tRue",
                "{\"n\":[9007199254740993]}",
                "[1e999]")) {
            all.add(new Bad(
                    "{\"type\":\"publish\",\"address\":\"a\",\"body\":" + body + "}", BAD_FRAME, Optional.of("a")));
            all.add(new Bad(
                    "{\"type\":\"send\",\"address\":\"a\",\"replyAddress\":\"r9\",\"body\":" + body + "}",
                    BAD_FRAME,
                    Optional.of("r9")));
        }
    }

    /** The stock client writes the reply address behind the body, and waits for its answer there. */
    private static void soundJsonThatIsRefused(List<Bad> all) {
        for (String body : List.of(
                "9007199254740993",
                "1".repeat(33),
                "1e400",
                "0." + "1".repeat(40),
                "[".repeat(32) + "]".repeat(32),
                "[".repeat(3_000) + "]".repeat(3_000),
                "{\"a\":1,\"a\":1}",
                "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "{\"\\ud800\":1}")) {
            all.add(new Bad(
                    "{\"type\":\"send\",\"address\":\"a\",\"headers\":{},\"body\":" + body
                            + ",\"replyAddress\":\"r9\"}",
                    BAD_FRAME,
                    Optional.of("r9")));
            all.add(new Bad(
                    "{\"unknown\":" + body + ",\"type\":\"publish\",\"address\":\"a\",\"body\":1}",
                    BAD_FRAME,
                    Optional.of("a")));
        }
        all.add(new Bad(
                "{\"type\":\"send\",\"address\":\"a\",\"type\":\"ping\",\"replyAddress\":\"r9\"}",
                BAD_FRAME,
                Optional.of("r9")));
    }

    private static void replyAddresses(List<Bad> all) {
        for (String reply : List.of(
                "\"\"",
                "1",
                "true",
                "[]",
                "{}",
                "\"é\"",
                "\"a\\nb\"",
                "\"\\u007f\"",
                "\"" + "r".repeat(65) + "\"",
                "\"漢\"")) {
            all.add(new Bad(
                    "{\"type\":\"send\",\"address\":\"a\",\"replyAddress\":" + reply + "}",
                    BAD_FRAME,
                    Optional.of("a")));
        }
    }

    private static void headers(List<Bad> all) {
        String many = IntStream.range(0, FrameCodec.MAX_HEADERS + 1)
                .mapToObj(i -> "\"h" + i + "\":\"\"")
                .collect(Collectors.joining(",", "{", "}"));
        for (String headers : List.of(
                "1",
                "\"a\"",
                "[]",
                "true",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":[\"b\"]}",
                "{\"a\":\"1\",\"a\":\"2\"}",
                many)) {
            all.add(new Bad(
                    "{\"type\":\"register\",\"address\":\"a\",\"headers\":" + headers + "}",
                    BAD_FRAME,
                    Optional.of("a")));
        }
    }

    static Stream<String> sockJs() {
        return Stream.of(
                "1",
                "null",
                "true",
                "{}",
                "{\"type\":\"ping\"}",
                "[1]",
                "[null]",
                "[{}]",
                "[[\"a\"]]",
                "[\"a\"",
                "[\"a\",]",
                "\"a",
                "'a'",
                "[\"a\"]x",
                "[\"a\"][]",
                "\"a\"\"b\"",
                "[\"not a frame\"]",
                "\"not a frame\"",
                "[\"\"]",
                "o",
                "h",
                "a[\"x\"]",
                "c[1000,\"x\"]",
                "[" + "\"x\",".repeat(1_001) + "\"x\"]");
    }
}
