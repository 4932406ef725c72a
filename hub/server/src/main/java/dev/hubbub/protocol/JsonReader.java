package dev.hubbub.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON from clients, strictly: bounded depth, no duplicate keys, sane numbers, whole characters.
 *
 * <p>A fault is noted and reading goes on, so that members behind it still say whom to tell.
 *
 * <p>Values come out as Vert.x decodes them: {@code JsonObject}, {@code JsonArray}, {@code String}, {@code Integer},
 * {@code Long}, {@code Double}, {@code Boolean} or null. One reader reads one frame.
 */
final class JsonReader {

    /** Deepest nesting of objects and arrays, the frame itself counted. */
    static final int MAX_DEPTH = 32;

    /** Longest number, in characters. */
    static final int MAX_NUMBER_LENGTH = 32;

    /** Largest whole number that every JSON reader keeps exactly: 2^53. */
    static final long MAX_INTEGER = 1L << 53;

    // Depth, numbers and keys are looked at here and not by Jackson, which cannot read on after a fault.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names come from strangers: a shared symbol table would only fill up.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private @Nullable HubException fault;

    /** Returns the first thing that was wrong with what was read so far. */
    Optional<HubException> fault() {
        return Optional.ofNullable(fault);
    }

    /** Notes a fault, unless there was one before. */
    void blame(String message) {
        if (fault == null) {
            fault = FrameCodec.bad(message);
        }
    }

    static JsonParser parser(String text) throws IOException {
        return FACTORY.createParser(text);
    }

    /**
     * Reads the value whose first token the parser stands on, to its end.
     *
     * @param depth how many objects and arrays are around it
     * @return the value; meaningless once there is a {@link #fault()}
     */
    @Nullable
    Object value(JsonParser parser, int depth) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> depth < MAX_DEPTH ? object(parser, depth + 1) : tooDeep(parser);
            case START_ARRAY -> depth < MAX_DEPTH ? array(parser, depth + 1) : tooDeep(parser);
            case VALUE_STRING -> text(parser);
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    /** Passes over a value that counts for nothing, and yet has to be sound. */
    void skip(JsonParser parser, int depth) throws IOException {
        var unused = value(parser, depth);
    }

    private @Nullable Object tooDeep(JsonParser parser) throws IOException {
        parser.skipChildren();
        blame("the frame is nested deeper than " + MAX_DEPTH + " levels");
        return null;
    }

    private JsonObject object(JsonParser parser, int depth) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = key(parser);
            if (members.containsKey(name)) {
                blame("an object has a key twice");
            }
            parser.nextToken();
            members.put(name, value(parser, depth));
        }
        return new JsonObject(members);
    }

    private JsonArray array(JsonParser parser, int depth) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser, depth));
        }
        return new JsonArray(elements);
    }

    /** Reads the key that the parser stands on. */
    String key(JsonParser parser) throws IOException {
        return whole(parser.currentName());
    }

    private String text(JsonParser parser) throws IOException {
        return whole(parser.getText());
    }

    /** Half a character has no bytes in UTF-8: what went in would not come out. */
    private String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    blame("a text has half a character (a lone surrogate)");
                    return text;
                }
                i++;
            }
        }
        return text;
    }

    private Number integer(JsonParser parser) throws IOException {
        if (parser.getTextLength() > MAX_NUMBER_LENGTH) {
            return tooLong();
        }
        JsonParser.NumberType type = parser.getNumberType();
        if (type == JsonParser.NumberType.INT) {
            return parser.getIntValue();
        }
        if (type == JsonParser.NumberType.LONG && Math.abs(parser.getLongValue()) <= MAX_INTEGER) {
            return parser.getLongValue();
        }
        blame("whole numbers go from -2^53 to 2^53; send a larger one as text");
        return 0;
    }

    private Number decimal(JsonParser parser) throws IOException {
        if (parser.getTextLength() > MAX_NUMBER_LENGTH) {
            return tooLong();
        }
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number) || Double.isNaN(number)) {
            blame("a number is too large");
        }
        return number;
    }

    private Number tooLong() {
        blame("a number has more than " + MAX_NUMBER_LENGTH + " characters");
        return 0;
    }
}
