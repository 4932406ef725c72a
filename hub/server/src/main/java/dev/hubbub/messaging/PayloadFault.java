package dev.hubbub.messaging;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with a payload, in plain words.
 *
 * @param path the place, such as {@code payload.guests[2].name}
 * @param keyword the keyword of the schema that was not met
 * @param wanted what the schema has for the keyword
 * @param unit the validator's own words
 */
record PayloadFault(String path, String keyword, Object wanted, OutputUnit unit) {
    /** Keywords that only repeat what another unit says better. */
    private static final Set<String> FOLLOWS = Set.of(
            "$ref",
            "$dynamicRef",
            "properties",
            "patternProperties",
            "items",
            "prefixItems",
            "additionalProperties",
            "unevaluatedProperties",
            "allOf",
            "then",
            "else",
            "if");

    /** Tells whether a unit says what is wrong itself, and not only that something inside is. */
    static boolean isBlame(OutputUnit unit) {
        return !FOLLOWS.contains(keyword(unit));
    }

    /** Tells whether a unit blames a value, or a field that should not be there at all. */
    static boolean isBlame(OutputUnit unit, JsonObject schema) {
        boolean forbidden = keyword(unit).endsWith("Properties") && Boolean.FALSE.equals(wanted(unit, schema));
        return forbidden || isBlame(unit);
    }

    /** Reads a unit of the validator's output. */
    static PayloadFault of(OutputUnit unit, JsonObject schema) {
        return new PayloadFault(path(unit, "payload"), keyword(unit), wanted(unit, schema), unit);
    }

    /** Says what is wrong; never repeats values of the payload. */
    String message() {
        return switch (keyword) {
            case "type" -> path + " must be " + types();
            case "required" -> missing();
            case "additionalProperties", "unevaluatedProperties" -> path + " is not known to this event type";
            case "enum" -> path + " must be one of " + choices();
            case "const" -> path + " must be " + Json.encode(wanted);
            case "minimum" -> path + " must be " + wanted + " or more";
            case "maximum" -> path + " must be " + wanted + " or less";
            case "exclusiveMinimum" -> path + " must be more than " + wanted;
            case "exclusiveMaximum" -> path + " must be less than " + wanted;
            case "multipleOf" -> path + " must be a multiple of " + wanted;
            case "minLength" -> path + " must have at least " + wanted + " characters";
            case "maxLength" -> path + " must have at most " + wanted + " characters";
            case "minItems" -> path + " must have at least " + wanted + " items";
            case "maxItems" -> path + " must have at most " + wanted + " items";
            case "uniqueItems" -> path + " must not hold the same item twice";
            case "pattern" -> path + " must match " + wanted;
            case "format" -> path + " must be of the format " + wanted;
            default -> path + " does not match the contract (" + keyword + ")";
        };
    }

    private String missing() {
        String error = String.valueOf(unit.getError());
        int quote = error.indexOf('"');
        String name = quote < 0 ? "a field" : error.substring(quote + 1, error.lastIndexOf('"'));
        return path + "." + name + " is missing";
    }

    private String types() {
        JsonArray types = wanted instanceof JsonArray several ? several : JsonArray.of(wanted);
        return types.stream().map(type -> noun(String.valueOf(type))).collect(Collectors.joining(" or "));
    }

    private static String noun(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "string" -> "text";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> type;
        };
    }

    private String choices() {
        return wanted instanceof JsonArray choices
                ? choices.stream().map(Json::encode).collect(Collectors.joining(", "))
                : Json.encode(wanted);
    }

    private static String keyword(OutputUnit unit) {
        String location = unit.getKeywordLocation();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** Follows the keyword's location through the schema; a step through a reference goes on where it leads. */
    private static Object wanted(OutputUnit unit, JsonObject schema) {
        Object here = schema;
        for (String step : unit.getKeywordLocation().substring(1).split("/", -1)) {
            here = step.isEmpty() ? here : follow(here, decoded(step), schema);
        }
        return here;
    }

    private static Object follow(Object here, String step, JsonObject schema) {
        if (here instanceof JsonArray array) {
            return array.getValue(Integer.parseInt(step));
        }
        Object next = ((JsonObject) here).getValue(step, "");
        if (!step.equals("$ref") || !(next instanceof String reference)) {
            return next;
        }
        Object target = schema;
        for (String inner : reference.substring(1).split("/", -1)) {
            target = inner.isEmpty() ? target : follow(target, decoded(inner), schema);
        }
        return target;
    }

    /** Returns the place of the blamed value as a JSON Pointer. */
    static String pointer(OutputUnit unit) {
        return URLDecoder.decode(unit.getInstanceLocation().substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the place of the blamed value in plain words, below {@code top}. */
    static String path(OutputUnit unit, String top) {
        StringBuilder path = new StringBuilder(top);
        for (String step : unit.getInstanceLocation().substring(1).split("/", -1)) {
            if (step.matches("[0-9]+")) {
                path.append('[').append(step).append(']');
            } else if (!step.isEmpty()) {
                path.append('.').append(decoded(step));
            }
        }
        return path.toString();
    }

    private static String decoded(String step) {
        String plain = URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
        return plain.replace("~1", "/").replace("~0", "~");
    }
}
