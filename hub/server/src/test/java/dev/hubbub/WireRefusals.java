package dev.hubbub;

import dev.hubbub.protocol.BadFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a client may do wrong on a WebSocket, and what {@code hub/PROTOCOL.md} says comes of it. */
final class WireRefusals {
    private static final int TEXT = Wire.FINAL | Wire.TEXT;
    static final int FRAME_LIMIT = 16 * 1024;

    private WireRefusals() {}

    /**
     * One misdeed.
     *
     * @param name what is done
     * @param bytes what is written to a WebSocket that is logged in
     * @param err the failureType that comes first; empty for none
     * @param about the address that the err carries; empty where it is not looked at
     * @param close the close code that follows; 0 when the connection stays
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares misdeeds.
    record Refusal(String name, byte[] bytes, String err, String about, int close) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Refusal> all() {
        List<Refusal> all = new ArrayList<>();
        BadFrames.all()
                .filter(bad -> bad.text().length() < FRAME_LIMIT)
                .forEach(bad -> all.add(new Refusal(
                        "frame " + bad,
                        text(bad.text()),
                        bad.code().name(),
                        bad.about().orElse(""),
                        0)));
        denied(all);
        events(all);
        positions(all);
        oversize(all);
        framing(all);
        return all;
    }

    private static byte[] text(String text) {
        return Wire.bytes(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static String register(String address, String headers) {
        return "{\"type\":\"register\",\"address\":\"" + address + "\",\"headers\":" + headers + "}";
    }

    static String send(String address, String body) {
        return "{\"type\":\"send\",\"address\":\"" + address + "\",\"headers\":{},\"body\":" + body
                + ",\"replyAddress\":\"r1\"}";
    }

    private static void denied(List<Refusal> all) {
        for (String address : List.of(
                "nowhere",
                "write:1",
                "mine:bob",
                "claim:1",
                "service:a",
                "hub.auth",
                "hub.presence",
                "hub.x",
                "room:a:b",
                "room:",
                "a".repeat(255))) {
            all.add(new Refusal("register " + address, text(register(address, "{}")), "ACCESS_DENIED", address, 0));
        }
        for (String address : List.of("nowhere", "read:1", "mine:bob", "hub.presence", "hub.x", "service:a")) {
            String code = address.equals("hub.presence") ? "BAD_EVENT" : "ACCESS_DENIED"; // an event is no state
            all.add(new Refusal("send " + address, text(send(address, EVENT)), code, "r1", 0));
            String publish = "{\"type\":\"publish\",\"address\":\"" + address + "\",\"body\":" + EVENT + "}";
            all.add(new Refusal("publish " + address, text(publish), "ACCESS_DENIED", address, 0));
        }
        for (String recent : List.of("0", "-1", "1001", "", "x", "1.5", "99999", "1e3", " 5")) {
            all.add(new Refusal(
                    "recent " + recent,
                    text(register("room:1", "{\"recent\":\"" + recent + "\"}")),
                    "BAD_FRAME",
                    "room:1",
                    0));
        }
        for (String body : List.of("null", "1", "{}", "{\"token\":1}", "{\"token\":\"\"}", "[\"x\"]")) {
            all.add(new Refusal("auth " + body, text(send("hub.auth", body)), "BAD_FRAME", "r1", 0));
        }
        all.add(new Refusal("bad refresh", text(send("hub.auth", "{\"token\":\"x\"}")), "NOT_LOGGED_IN", "r1", 0));
        String bob = "{\"token\":\"" + TestNode.token("bob") + "\"}";
        all.add(new Refusal("refresh to another user", text(send("hub.auth", bob)), "ACCESS_DENIED", "r1", 4403));
    }

    static final String EVENT = "{\"type\":\"t\",\"payload\":1}";

    private static void events(List<Refusal> all) {
        for (String event : List.of(
                "null",
                "1",
                "[]",
                "{}",
                "{\"type\":\"t\"}",
                "{\"payload\":1}",
                "{\"type\":1,\"payload\":1}",
                "{\"type\":\"\",\"payload\":1}",
                "{\"type\":\"a b\",\"payload\":1}",
                "{\"type\":\"t\",\"payload\":1,\"more\":1}",
                "{\"type\":\"t\",\"payload\":1,\"id\":\"\"}",
                "{\"type\":\"t\",\"payload\":1,\"id\":\"a b\"}",
                "{\"type\":\"t\",\"payload\":1,\"id\":7}",
                "{\"type\":\"t\",\"payload\":1,\"version\":0}",
                "{\"type\":\"t\",\"payload\":1,\"version\":\"1\"}",
                "{\"type\":\"t\",\"payload\":1,\"resourceId\":\"\"}",
                "{\"type\":\"t\",\"payload\":1,\"resourceVersion\":1}",
                "{\"type\":\"t\",\"payload\":1,\"resourceId\":\"x\",\"resourceVersion\":-1}",
                "{\"type\":\"t\",\"payload\":1,\"occurredAt\":\"now\"}",
                "{\"type\":\"t\",\"payload\":1,\"occurredAt\":1}",
                "{\"type\":\"t\",\"payload\":1,\"occurredAt\":\"+999999999-12-31T23:59:59Z\"}",
                "{\"type\":\"t\",\"payload\":1,\"occurredAt\":\"-999999999-01-01T00:00:00Z\"}")) {
            all.add(new Refusal("event " + event, text(send("room:1", event)), "BAD_EVENT", "r1", 0));
        }
        all.add(new Refusal("other type", text(send("typed:1", EVENT)), "BAD_EVENT", "r1", 0));
        for (String bytes : List.of("1", "null", "\"!!!\"", "\"AAA\"", "\"AA=A\"", "\"AAAA====\"")) {
            all.add(new Refusal("bytes " + bytes, text(send("bytes:1", bytes)), "BAD_EVENT", "r1", 0));
        }
        for (String key : List.of("", "k".repeat(129), "é")) {
            String keyed = send("room:1", EVENT)
                    .replace("\"headers\":{}", "\"headers\":{\"Idempotency-Key\":\"" + key + "\"}");
            all.add(new Refusal("key of " + key.length(), text(keyed), "BAD_EVENT", "r1", 0));
        }
    }

    private static void positions(List<Refusal> all) {
        for (String position : List.of(
                "",
                "x",
                "null",
                "1",
                "e.1-a:1",
                "a.b.c:1",
                "e.1-a:-1",
                "e.1-a:99999999999999999999",
                "é.1-a:1",
                "x".repeat(200))) {
            all.add(new Refusal(
                    "position " + position,
                    text(register("room:positions", "{\"position\":\"" + position + "\"}")),
                    "POSITION_LOST",
                    "room:positions",
                    0));
        }
    }

    private static void oversize(List<Refusal> all) {
        for (int bytes : List.of(FRAME_LIMIT + 1, 2 * FRAME_LIMIT, 2 * FRAME_LIMIT + 2_000, 1 << 20)) {
            byte[] payload = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
            all.add(new Refusal("text of " + bytes, Wire.bytes(TEXT, payload), "TOO_LARGE", "", 4413));
            byte[] binary = Wire.bytes(Wire.FINAL | Wire.BINARY, payload);
            all.add(new Refusal("binary of " + bytes, binary, "TOO_LARGE", "", 4413));
        }
        byte[] piece = new byte[1_000];
        List<byte[]> endless = new ArrayList<>(List.of(Wire.bytes(Wire.TEXT, piece)));
        IntStream.range(0, 40).forEach(i -> endless.add(Wire.bytes(Wire.CONTINUATION, piece)));
        all.add(new Refusal("endless continuation", join(endless), "TOO_LARGE", "", 4413));
        byte[] declared = {(byte) TEXT, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
        all.add(new Refusal("8 EiB declared", declared, "TOO_LARGE", "", 4413));
        all.add(new Refusal(
                "2 GiB declared",
                new byte[] {(byte) TEXT, (byte) 0xff, 0, 0, 0, 0, (byte) 0x80, 0, 0, 0, 1, 2, 3, 4},
                "TOO_LARGE",
                "",
                4413));
    }

    private static void framing(List<Refusal> all) {
        byte[] ping = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> broken = new LinkedHashMap<>();
        broken.put("unmasked", new byte[] {(byte) TEXT, 2, '{', '}'});
        for (int reserved : List.of(0x40, 0x20, 0x10, 0x70)) {
            broken.put("reserved bits " + reserved, Wire.bytes(TEXT | reserved, ping));
        }
        for (int opcode : List.of(0x3, 0x7, 0xB, 0xF)) {
            broken.put("opcode " + opcode, Wire.bytes(Wire.FINAL | opcode, ping));
        }
        broken.put("fragmented ping", Wire.bytes(Wire.PING, ping));
        broken.put("fragmented close", Wire.bytes(Wire.CLOSE, new byte[] {3, (byte) 0xe8}));
        broken.put("ping of 126", Wire.bytes(Wire.FINAL | Wire.PING, new byte[126]));
        broken.put("continuation of nothing", Wire.bytes(Wire.FINAL | Wire.CONTINUATION, ping));
        broken.put("text within a text", join(List.of(Wire.bytes(Wire.TEXT, ping), Wire.bytes(TEXT, ping))));
        broken.put("length below 126 in 16 bits", new byte[] {(byte) TEXT, (byte) 0xfe, 0, 2, 1, 2, 3, 4, 1, 1});
        broken.put(
                "length below 65,536 in 64 bits",
                new byte[] {(byte) TEXT, (byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 1, 1});
        broken.put(
                "negative length",
                new byte[] {(byte) TEXT, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 1, 1});
        broken.put("close of one byte", Wire.bytes(Wire.FINAL | Wire.CLOSE, new byte[] {3}));
        for (int code : List.of(0, 999, 1004, 1005, 1006, 1015, 2000)) {
            broken.put("close code " + code, close(code));
        }
        broken.forEach((name, bytes) -> all.add(new Refusal(name, bytes, "", "", 1002)));
        for (byte[] bad : List.of(
                new byte[] {(byte) 0xff},
                new byte[] {'{', (byte) 0xc3},
                new byte[] {(byte) 0xc0, (byte) 0x80},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80})) {
            all.add(new Refusal("not UTF-8 " + bad.length, Wire.bytes(TEXT, bad), "", "", 1007));
        }
        all.add(new Refusal("binary", Wire.bytes(Wire.FINAL | Wire.BINARY, ping), "BAD_FRAME", "", 0));
        all.add(new Refusal("empty", Wire.bytes(TEXT, new byte[0]), "BAD_FRAME", "", 0));
        all.add(new Refusal(
                "empty first fragment, then no frame",
                join(List.of(Wire.bytes(Wire.TEXT, new byte[0]), Wire.bytes(Wire.FINAL, new byte[] {'['}))),
                "BAD_FRAME",
                "",
                0));
        for (int code : List.of(1000, 1001, 3000, 4999)) {
            all.add(new Refusal("close " + code, close(code), "", "", code));
        }
        all.add(new Refusal("close without a code", Wire.bytes(Wire.FINAL | Wire.CLOSE, new byte[0]), "", "", 1000));
    }

    private static byte[] close(int code) {
        return Wire.bytes(Wire.FINAL | Wire.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    static byte[] join(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Returns bad tokens by what is wrong with them. */
    static Map<String, String> tokens() {
        Map<String, String> bad = new LinkedHashMap<>();
        JsonObject good = TestNode.claims("alice");
        String token = TestNode.signed(good);
        String hs256 = "{\"alg\":\"HS256\"}";
        bad.put("no token at all", "x");
        bad.put("two parts", token.substring(0, token.lastIndexOf('.')));
        bad.put("four parts", token + ".x");
        bad.put("no signature", token.substring(0, token.lastIndexOf('.') + 1));
        bad.put("cut", token.substring(0, token.length() - 3));
        bad.put("another secret", TestNode.signed(hs256, good.encode(), "another secret that is long enough, too"));
        for (String algorithm : List.of("none", "None", "HS512", "RS256", "ES256", "")) {
            String header = new JsonObject().put("alg", algorithm).encode();
            bad.put("alg " + algorithm, TestNode.signed(header, good.encode(), TestNode.SECRET));
        }
        bad.put(
                "crit",
                TestNode.signed("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", good.encode(), TestNode.SECRET));
        for (String claim : List.of("sub", "iss", "aud", "exp")) {
            JsonObject without = good.copy();
            without.remove(claim);
            bad.put("no " + claim, TestNode.signed(without));
            bad.put(claim + " a number", TestNode.signed(good.copy().put(claim, claim.equals("exp") ? "1" : 1)));
        }
        bad.put("expired", TestNode.signed(good.copy().put("exp", good.getLong("exp") - 700)));
        bad.put("not yet", TestNode.signed(good.copy().put("nbf", good.getLong("exp"))));
        bad.put("issued tomorrow", TestNode.signed(good.copy().put("iat", good.getLong("exp"))));
        bad.put("other issuer", TestNode.signed(good.copy().put("iss", "you")));
        bad.put("other audience", TestNode.signed(good.copy().put("aud", new JsonArray().add("shop"))));
        bad.put("sub empty", TestNode.signed(good.copy().put("sub", "")));
        bad.put("claims a list", TestNode.signed(hs256, "[]", TestNode.SECRET));
        bad.put("claims no JSON", TestNode.signed(hs256, "{", TestNode.SECRET));
        return bad;
    }
}
