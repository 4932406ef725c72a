package dev.hubbub.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one frame's members as they come, so that a fault can still say which address it is about. */
final class FrameReader {
    private @Nullable String type;
    private @Nullable String address;
    private @Nullable String replyAddress;
    private Map<String, String> headers = Map.of();
    private @Nullable Object body;
    private final JsonReader json = new JsonReader();
    private final Set<String> members = new HashSet<>();
    private final int depth;

    /**
     * Creates a reader of one frame.
     *
     * @param depth how many arrays are around it
     */
    FrameReader(int depth) {
        this.depth = depth;
    }

    /**
     * Reads the value whose first token the parser stands on.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException when the text cannot be read further
     */
    Decoded read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            if (parser.currentToken() != null) {
                parser.skipChildren();
            }
            return refusal(FrameCodec.bad("a frame is a JSON object"));
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.key(parser);
            parser.nextToken();
            if (members.add(name)) {
                member(name, parser);
            } else {
                parser.skipChildren();
                json.blame("an object has a key twice");
            }
        }
        if (json.fault().isPresent()) {
            return refusal(json.fault().get());
        }
        try {
            return new Decoded.Frame(frame());
        } catch (HubException e) {
            return refusal(e);
        }
    }

    /** Returns the refusal, about the address that was read so far. */
    Decoded.Refused refusal(HubException why) {
        boolean answers = "send".equals(type) && replyAddress != null;
        return new Decoded.Refused(Optional.ofNullable(answers ? replyAddress : address), why);
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "type" -> type = text(parser, "type");
            case "address" -> address = text(parser, "address");
            case "replyAddress" -> replyAddress = replyAddress(parser);
            case "headers" -> headers(parser);
            case "body" -> body = json.value(parser, depth + 1);
            default -> json.skip(parser, depth + 1);
        }
    }

    private @Nullable String text(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        json.blame(name + " is a string");
        return null;
    }

    private @Nullable String replyAddress(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        String value = text(parser, "replyAddress");
        if (value != null && !isReplyAddress(value)) {
            json.blame("replyAddress has 1 to " + FrameCodec.MAX_REPLY_ADDRESS + " characters of printable ASCII");
            return null;
        }
        return value;
    }

    private void headers(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            json.blame("headers is an object of strings");
            return;
        }
        headers = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.key(parser);
            JsonToken token = parser.nextToken();
            if (headers.containsKey(name)) {
                json.blame("an object has a key twice");
            }
            if (token == JsonToken.VALUE_STRING
                    || token == JsonToken.VALUE_NUMBER_INT
                    || token == JsonToken.VALUE_NUMBER_FLOAT
                    || token == JsonToken.VALUE_TRUE
                    || token == JsonToken.VALUE_FALSE) {
                headers.put(name, header(parser));
            } else {
                parser.skipChildren();
                json.blame("header values are strings, numbers, true or false");
            }
        }
        if (headers.size() > FrameCodec.MAX_HEADERS) {
            json.blame("a frame has at most " + FrameCodec.MAX_HEADERS + " headers");
        }
    }

    /** Numbers are taken as they are written, if they are numbers that a body could have. */
    private String header(JsonParser parser) throws IOException {
        Object value = json.value(parser, depth + 2);
        return value instanceof String text ? text : parser.getText();
    }

    private static boolean isReplyAddress(String value) {
        return !value.isEmpty()
                && value.length() <= FrameCodec.MAX_REPLY_ADDRESS
                && value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }

    private ClientFrame frame() {
        if (type == null) {
            throw FrameCodec.bad("a frame has a type");
        }
        return switch (type) {
            case "ping" -> new ClientFrame.Ping();
            case "register" -> new ClientFrame.Register(requireAddress(), headers);
            case "unregister" -> new ClientFrame.Unregister(requireAddress());
            case "send" -> new ClientFrame.Send(requireAddress(), Optional.ofNullable(replyAddress), headers, body);
            case "publish" -> new ClientFrame.Publish(requireAddress(), headers, body);
            default -> throw FrameCodec.bad("type is one of ping, register, unregister, send, publish");
        };
    }

    private Address requireAddress() {
        if (address == null) {
            throw FrameCodec.bad("a frame of this type has an address");
        }
        return new Address(address);
    }
}
