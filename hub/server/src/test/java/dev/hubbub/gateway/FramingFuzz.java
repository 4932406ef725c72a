package dev.hubbub.gateway;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.ErrFrame;
import dev.hubbub.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Any message is frames or refusals in every framing, and every refusal is well-formed on its way back. */
public final class FramingFuzz {
    private static final int LIMIT = 2_048;

    private FramingFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        for (Framing framing : Framing.values()) {
            List<ServerFrame> answers = new ArrayList<>();
            for (Decoded decoded : framing.decode(text, LIMIT)) {
                if (decoded instanceof Decoded.Refused refused) {
                    answers.add(new ErrFrame(refused.about(), refused.why()));
                }
            }
            if (!answers.isEmpty()) {
                judge(framing, answers);
            }
        }
    }

    private static void judge(Framing framing, List<ServerFrame> answers) {
        ByteBuf out = framing.encode(answers, UnpooledByteBufAllocator.DEFAULT);
        try {
            List<String> messages = new ArrayList<>();
            while (out.isReadable()) {
                messages.add(message(out));
            }
            List<JsonObject> heard = new ArrayList<>();
            messages.forEach(message -> heard.addAll(frames(framing, message)));
            must(heard.size() == answers.size(), "every refusal is told once");
            for (int i = 0; i < heard.size(); i++) {
                must(heard.get(i).equals(answers.get(i).text().toJsonObject()), "a refusal is told as it is");
            }
        } finally {
            out.release();
        }
    }

    private static String message(ByteBuf out) {
        must(out.readUnsignedByte() == 0x81, "every message is one text frame");
        long length = out.readUnsignedByte();
        if (length == 126) {
            length = out.readUnsignedShort();
        } else if (length == 127) {
            length = out.readLong();
        }
        must(length <= out.readableBytes(), "a message is as long as it says");
        return out.readCharSequence((int) length, StandardCharsets.UTF_8).toString();
    }

    private static List<JsonObject> frames(Framing framing, String message) {
        if (framing == Framing.SOCKJS) {
            must(message.startsWith("a"), "SockJS sends arrays");
            return new JsonArray(message.substring(1))
                    .stream().map(one -> new JsonObject((String) one)).toList();
        }
        return message.startsWith("[")
                ? new JsonArray(message).stream().map(JsonObject.class::cast).toList()
                : List.of(new JsonObject(message));
    }
}
