package dev.hubbub.config;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes every key of the config as Markdown, from the schema by which it is checked: kind, default, range, meaning.
 *
 * <p>{@code hub/docs/config.md} is this text; a test keeps it so.
 */
public final class ConfigReference {
    private static final String HEAD = "| key | kind | default | range | meaning |\n|---|---|---|---|---|\n";

    private final ConfigSchema schema;
    private final StringBuilder text = new StringBuilder();

    private ConfigReference() {
        this.schema = ConfigSchema.load();
    }

    /** Returns the text. */
    public static String markdown() {
        return new ConfigReference().write();
    }

    private String write() {
        JsonObject root = schema.root();
        text.append("# Every key of the config\n\n")
                .append("Written by `scripts/hub keys` from [hub.schema.json](../../config/hub.schema.json), by which")
                .append(" `scripts/hub check` and editors check a file. ")
                .append(root.getString("description"))
                .append(
                        "\n\nA duration is a whole number with `ms`, `s`, `m`, `h` or `d`; a size one with `B`, `KiB`, `MiB`,")
                .append(
                        " `GiB` or `TiB` (a bare number is bytes); a rate is a number per time, such as `100/s`. `[]` stands")
                .append(" for each entry of a list.\n");
        for (String name : ConfigSchema.keys(root).fieldNames()) {
            JsonObject section = schema.shapeOf(root, name);
            text.append("\n## ").append(name).append("\n\n");
            text.append(section.getString("description", "")).append("\n\n").append(HEAD);
            rows(name, section, true);
        }
        return text.toString();
    }

    private void rows(String key, JsonObject shape, boolean top) {
        if (ConfigSchema.isOf(shape, "object")) {
            if (!top) {
                row(key, "section", shape);
            }
            ConfigSchema.keys(shape)
                    .fieldNames()
                    .forEach(name -> rows(key + "." + name, schema.shapeOf(shape, name), false));
            return;
        }
        if (ConfigSchema.isOf(shape, "array")) {
            JsonObject items = schema.shapeOfItems(shape);
            row(key, "list of " + kind(items), shape);
            if (ConfigSchema.isOf(items, "object")) {
                rows(key + "[]", items, true);
            }
            return;
        }
        row(key, kind(shape), shape);
    }

    private void row(String key, String kind, JsonObject shape) {
        text.append("| `").append(key).append("` | ").append(kind).append(" | ").append(standard(shape));
        text.append(" | ").append(range(shape)).append(" | ");
        text.append(shape.getString("description", "").replace("|", "\\|")).append(" |\n");
    }

    private static String kind(JsonObject shape) {
        String noun = shape.getString("x-noun", "");
        if (!noun.isEmpty()) {
            return noun.replaceFirst("^(an?|the) ", "");
        }
        if (shape.containsKey("enum")) {
            return "one of a few";
        }
        return switch (String.valueOf(shape.getValue("type"))) {
            case "integer" -> "whole number";
            case "boolean" -> "`true` or `false`";
            case "object" -> "section";
            default -> "text";
        };
    }

    private static String standard(JsonObject shape) {
        Object value = shape.getValue("default");
        return value == null ? "–" : "`" + (value instanceof String plain ? plain : Json.encode(value)) + "`";
    }

    private static String range(JsonObject shape) {
        if (shape.getValue("x-range") instanceof JsonArray ends) {
            return "`" + ends.getString(0) + "` to `" + ends.getString(1) + "`";
        }
        if (shape.getValue("enum") instanceof JsonArray values) {
            return values.stream().map(one -> "`" + one + "`").collect(Collectors.joining(", "));
        }
        if (shape.containsKey("maximum")) {
            return String.format(Locale.ROOT, "%,d to %,d", shape.getLong("minimum"), shape.getLong("maximum"));
        }
        String expected = shape.getString("x-expected", "");
        return expected.isEmpty() ? "" : expected.replace("|", "\\|");
    }
}
