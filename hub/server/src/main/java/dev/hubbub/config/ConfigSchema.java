package dev.hubbub.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The schema of the config, {@code config/hub.schema.json}: keys, types, ranges, defaults and the words for them.
 *
 * <p>Beside the vocabulary of the draft it uses three annotations: {@code x-noun} (what a value is, with its article),
 * {@code x-expected} (what to write) and {@code x-range} (least and most of a duration or size).
 */
final class ConfigSchema {
    private static final String RESOURCE = "hub.schema.json";

    private final JsonObject root;
    private final Validator validator;

    private ConfigSchema(JsonObject root) {
        this.root = root;
        this.validator = Validator.create(
                JsonSchema.of(root.copy()),
                new JsonSchemaOptions()
                        .setBaseUri("https://hubbub.dev/")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }

    /** Loads the schema that is packed with the server. */
    static ConfigSchema load() {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not packed with the server");
            }
            return new ConfigSchema(new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the shape of the whole file. */
    JsonObject root() {
        return root;
    }

    /** Judges a config; every fault has a unit of output. */
    List<OutputUnit> judge(JsonObject config) {
        OutputUnit result = validator.validate(config);
        return result.getErrors() == null ? List.of() : result.getErrors();
    }

    /** Returns the keys that {@code shape} knows, with their own shapes behind references. */
    static JsonObject keys(JsonObject shape) {
        return shape.getJsonObject("properties", new JsonObject());
    }

    /** Returns the shape of one key of a section. */
    JsonObject shapeOf(JsonObject section, String key) {
        JsonObject shape = keys(section).getJsonObject(key);
        if (shape == null) {
            throw new IllegalStateException(
                    RESOURCE + " has no key " + key + " beside " + keys(section).fieldNames());
        }
        return resolved(shape);
    }

    /** Returns the shape of the items of a list. */
    JsonObject shapeOfItems(JsonObject list) {
        return resolved(list.getJsonObject("items", new JsonObject()));
    }

    private JsonObject resolved(JsonObject shape) {
        String reference = shape.getString("$ref");
        if (reference == null) {
            return shape;
        }
        String name = reference.substring("#/$defs/".length());
        return root.getJsonObject("$defs").getJsonObject(name).copy().mergeIn(shape);
    }

    /** Tells whether values of this shape have the JSON type {@code type}. */
    static boolean isOf(JsonObject shape, String type) {
        Object types = shape.getValue("type");
        return types instanceof JsonArray several ? several.contains(type) : type.equals(types);
    }

    /** Returns what a value of this shape is, with its article. */
    static String noun(JsonObject shape) {
        String byType = isOf(shape, "object")
                ? "a section"
                : isOf(shape, "array")
                        ? "a list"
                        : isOf(shape, "integer") ? "a whole number" : isOf(shape, "boolean") ? "true or false" : "text";
        return shape.getString("x-noun", byType);
    }

    /** Returns what to write for a value of this shape. */
    static String expected(JsonObject shape) {
        JsonArray range = shape.getJsonArray("x-range");
        String within = range == null ? "" : ", from " + range.getString(0) + " to " + range.getString(1);
        if (shape.containsKey("x-expected")) {
            return shape.getString("x-expected") + within;
        }
        if (shape.containsKey("enum")) {
            return "one of " + words(shape);
        }
        if (isOf(shape, "object")) {
            return "the keys " + String.join(", ", keys(shape).fieldNames());
        }
        return isOf(shape, "integer")
                ? "a whole number from " + shape.getValue("minimum") + " to " + shape.getValue("maximum")
                : isOf(shape, "array") ? "[value, ...]" : noun(shape);
    }

    /** Returns the words that may stand for a value of this shape. */
    static String words(JsonObject shape) {
        return shape.getJsonArray("enum").stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
