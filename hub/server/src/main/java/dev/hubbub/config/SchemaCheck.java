package dev.hubbub.config;

import dev.hubbub.config.Yaml.Items;
import dev.hubbub.config.Yaml.Kind;
import dev.hubbub.config.Yaml.Scalar;
import dev.hubbub.config.Yaml.Section;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the values of a config by its schema, and tells each fault once, at its place and in plain words.
 *
 * <p>Only the units of output that blame a value itself are used: those about its parents follow from them. Unknown and
 * missing keys are told by {@link SectionReader}, which can say what was meant.
 */
final class SchemaCheck {
    private static final Set<String> BLAME =
            Set.of("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern");
    private static final int SHOWN = 60;

    private final ConfigSchema schema;
    private final Faults faults;
    private final Map<String, Place> places = new HashMap<>();

    private record Place(Yaml value, JsonObject shape, String path) {}

    SchemaCheck(ConfigSchema schema, Faults faults) {
        this.schema = schema;
        this.faults = faults;
    }

    /** Notes the fault of every value that the schema does not accept. */
    void check(Section config) {
        JsonObject json = section(new Place(config, schema.root(), ""), "#");
        for (OutputUnit unit : schema.judge(json)) {
            String keyword = unit.getKeywordLocation()
                    .substring(unit.getKeywordLocation().lastIndexOf('/') + 1);
            Place place = places.get(unit.getInstanceLocation());
            if (place != null && BLAME.contains(keyword)) {
                faults.spoil(place.value(), place.value().at(), place.path() + ": " + message(place, keyword));
            }
        }
    }

    private Optional<Object> json(Place place, String pointer) {
        places.put(pointer, place);
        if (place.value() instanceof Section) {
            return Optional.of(section(place, pointer));
        }
        if (place.value() instanceof Items items) {
            JsonArray array = new JsonArray();
            JsonObject shape = schema.shapeOfItems(place.shape());
            for (int i = 0; i < items.values().size(); i++) {
                Place item = new Place(items.values().get(i), shape, place.path() + "[" + i + "]");
                array.add(json(item, pointer + "/" + i).orElse(null));
            }
            return Optional.of(array);
        }
        return json(place, (Scalar) place.value());
    }

    private Optional<Object> json(Place place, Scalar scalar) {
        if (scalar.isNothing()) {
            if (!ConfigSchema.isOf(place.shape(), "object") && !ConfigSchema.isOf(place.shape(), "array")) {
                String problem = ": has no value (expected " + ConfigSchema.expected(place.shape()) + ")";
                faults.spoil(scalar, scalar.at(), place.path() + problem);
            }
            return Optional.empty();
        }
        boolean text = scalar.filled() && ConfigSchema.isOf(place.shape(), "string");
        return switch (text ? Kind.TEXT : scalar.kind()) {
            case BOOLEAN -> Optional.of(Boolean.parseBoolean(scalar.text()));
            case INTEGER, DECIMAL -> Optional.of(number(scalar.text()));
            case TEXT, NULL -> Optional.of(scalar.text());
        };
    }

    /** Unknown keys are left out: they have no shape to be judged by. */
    private JsonObject section(Place place, String pointer) {
        JsonObject json = new JsonObject();
        JsonObject known = ConfigSchema.keys(place.shape());
        ((Section) place.value()).entries().forEach((key, entry) -> {
            if (known.containsKey(key)) {
                String path = place.path().isEmpty() ? key : place.path() + "." + key;
                Place inner = new Place(entry.value(), schema.shapeOf(place.shape(), key), path);
                json(inner, pointer + "/" + key).ifPresent(value -> json.put(key, value));
            }
        });
        return json;
    }

    private static Number number(String text) {
        BigDecimal exact;
        try {
            exact = new BigDecimal(text);
        } catch (NumberFormatException exponentTooLong) {
            return Double.POSITIVE_INFINITY; // zero with such an exponent, too: no reader of a key can take it
        }
        boolean whole = exact.scale() <= 0 && exact.precision() - exact.scale() <= 18;
        return whole ? (Number) exact.longValueExact() : (Number) inexact(exact);
    }

    /** Rounds, but never to a whole number what is none: the schema would take {@code 51e-400} for the integer 0. */
    private static double inexact(BigDecimal exact) {
        double rounded = exact.doubleValue();
        boolean isWhole = exact.stripTrailingZeros().scale() <= 0;
        if (isWhole || rounded != Math.rint(rounded) || Double.isInfinite(rounded)) {
            return rounded;
        }
        return exact.compareTo(BigDecimal.valueOf(rounded)) > 0 ? rounded + 0.5 : rounded - 0.5;
    }

    private static String message(Place place, String keyword) {
        JsonObject shape = place.shape();
        String value = shown(place);
        if (keyword.equals("enum")) {
            List<String> words =
                    shape.getJsonArray("enum").stream().map(String::valueOf).toList();
            String meant = place.value() instanceof Scalar scalar
                    ? Suggestion.of(scalar.text(), words)
                            .map(word -> "; did you mean \"" + word + "\"?")
                            .orElse("")
                    : "";
            return value + " is not one of " + ConfigSchema.words(shape) + meant;
        }
        boolean outside = keyword.endsWith("imum") && !shape.containsKey("x-noun");
        String noun = ConfigSchema.noun(shape);
        String expected = ConfigSchema.expected(shape);
        String hint = keyword.equals("type") && isBareText(place) ? "; put text in quotes" : "";
        return value
                + (outside ? " is out of range" : " is not " + noun)
                + (expected.equals(noun) && hint.isEmpty() ? "" : " (expected " + expected + hint + ")");
    }

    private static boolean isBareText(Place place) {
        return ConfigSchema.isOf(place.shape(), "string")
                && place.value() instanceof Scalar scalar
                && scalar.kind() != Kind.TEXT;
    }

    private static String shown(Place place) {
        if (place.value() instanceof Section) {
            return "a section";
        }
        if (place.value() instanceof Items) {
            return "a list";
        }
        return place.shape().getBoolean("writeOnly", false) ? "the value" : shown((Scalar) place.value());
    }

    /** Returns a value as messages show it, not longer than a line. */
    static String shown(Scalar scalar) {
        String text = scalar.text();
        String some = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return scalar.kind() == Kind.TEXT ? '"' + some.replace("\n", "\\n") + '"' : some;
    }
}
