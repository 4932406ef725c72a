package dev.hubbub.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON object from a file of the operator's, which knows where each of its values stands. */
public final class JsonFile {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String file;
    private final Map<String, SourcePosition> places = new HashMap<>();
    private final JsonObject json;

    private JsonFile(String file, JsonParser parser) throws IOException {
        this.file = file;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ConfigException(List.of(new Fault(new SourcePosition(file, 1, 1), "not a JSON object")));
        }
        this.json = (JsonObject) value(parser, "").orElseThrow();
        if (parser.nextToken() != null) {
            throw new ConfigException(
                    List.of(new Fault(place(parser.currentTokenLocation()), "something follows the JSON object")));
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param file the name that faults refer to
     * @throws ConfigException with the place where the text stops being JSON
     */
    public static JsonFile read(String file, String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return new JsonFile(file, parser);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            SourcePosition place = at == null
                    ? new SourcePosition(file, 1, 1)
                    : new SourcePosition(file, at.getLineNr(), at.getColumnNr());
            throw new ConfigException(List.of(new Fault(place, "not JSON: " + e.getOriginalMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the whole object. */
    public JsonObject json() {
        return json;
    }

    /** Returns the place of a value; {@code pointer} is a JSON Pointer such as {@code /properties/a}. */
    public SourcePosition at(String pointer) {
        String nearest = pointer;
        while (!places.containsKey(nearest)) {
            nearest = nearest.substring(0, Math.max(0, nearest.lastIndexOf('/')));
        }
        return places.getOrDefault(nearest, new SourcePosition(file, 1, 1));
    }

    /** Returns one step of a JSON Pointer, with its two escapes. */
    public static String step(String key) {
        return "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /** Empty for a JSON null. */
    private Optional<Object> value(JsonParser parser, String pointer) throws IOException {
        places.put(pointer, place(parser.currentTokenLocation()));
        return switch (parser.currentToken()) {
            case START_OBJECT -> Optional.of(object(parser, pointer));
            case START_ARRAY -> Optional.of(array(parser, pointer));
            case VALUE_STRING -> Optional.of(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> Optional.of(parser.getBooleanValue());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Optional.of(parser.getNumberValue());
            default -> Optional.empty();
        };
    }

    private JsonObject object(JsonParser parser, String pointer) throws IOException {
        JsonObject object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken unused = parser.nextToken();
            object.put(key, value(parser, pointer + step(key)).orElse(null));
        }
        return object;
    }

    private JsonArray array(JsonParser parser, String pointer) throws IOException {
        JsonArray array = new JsonArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, pointer + "/" + array.size()).orElse(null));
        }
        return array;
    }

    private SourcePosition place(JsonLocation at) {
        return new SourcePosition(file, at.getLineNr(), at.getColumnNr());
    }
}
