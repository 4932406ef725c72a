package dev.hubbub.permission;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pattern of addresses, such as {@code workspace:{ws}} or {@code file:{path...}}.
 *
 * <p>{@code {name}} stands for one or more characters within one segment (none of {@code . : /}), {@code {name...}} at
 * the end for one or more characters of anything, every other character for itself. A segment holds at most one name,
 * so there is one way only to match an address: matching never goes back and takes time linear in the address. Nobody
 * can choose an address that is read in two ways, as {@code dm:{a}-{b}} would allow.
 *
 * <p>Immutable; safe to share between event loops.
 */
public final class AddressPattern {
    private static final char ANY_SEGMENT = 1;
    private static final char ANY_REST = 2;

    private final String text;
    private final List<Part> parts;

    private AddressPattern(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a pattern.
     *
     * @throws HubException with {@link ErrorCode#BAD_ADDRESS} that names the first fault; {@code details.column} is its
     *     place in the text, counted from 1
     */
    public static AddressPattern parse(String text) {
        PatternParser parser = new PatternParser(text);
        List<Part> parts = parser.parts();
        if (!parser.faults().isEmpty()) {
            PatternParser.PatternFault fault = parser.faults().get(0);
            throw new HubException(
                    ErrorCode.BAD_ADDRESS,
                    "the pattern is wrong at character " + (fault.offset() + 1) + ": " + fault.message(),
                    new JsonObject().put("column", fault.offset() + 1));
        }
        return of(text, parts);
    }

    /** Makes a pattern of parts that a parser found no fault in. */
    static AddressPattern of(String text, List<Part> parts) {
        return new AddressPattern(text, parts);
    }

    /** Returns how every address begins that matches: the pattern's text up to its first name. */
    public String prefix() {
        String text = toString();
        int name = text.indexOf('{');
        return name < 0 ? text : text.substring(0, name);
    }

    /** Tells whether the pattern takes the address; allocates nothing. */
    public boolean matches(Address address) {
        return walk(address.value(), (name, from, to) -> {});
    }

    /** Returns the captured names in their order; empty when the pattern does not take the address. */
    public Optional<Map<String, String>> match(Address address) {
        String value = address.value();
        Map<String, String> captured = new LinkedHashMap<>();
        return walk(value, (name, from, to) -> captured.put(name, value.substring(from, to)))
                ? Optional.of(captured)
                : Optional.empty();
    }

    /** Returns the names in their order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            if (part.kind() != Kind.LITERAL) {
                names.add(part.text());
            }
        }
        return names;
    }

    /** Tells whether both take the same addresses, whatever their names are called. */
    boolean hasShapeOf(AddressPattern other) {
        return shape().equals(other.shape());
    }

    /**
     * Tells whether this takes every address that {@code other} takes.
     *
     * <p>The other's shape is matched as if it were an address, its names being characters that no literal holds: they
     * can only fall inside one of our own names. A rest is covered by a rest only.
     */
    boolean covers(AddressPattern other) {
        return (!other.endsWithRest() || endsWithRest()) && walk(other.shape(), (name, from, to) -> {});
    }

    private boolean endsWithRest() {
        return parts.get(parts.size() - 1).kind() == Kind.REST;
    }

    private String shape() {
        StringBuilder shape = new StringBuilder();
        for (Part part : parts) {
            switch (part.kind()) {
                case LITERAL -> shape.append(part.text());
                case SEGMENT -> shape.append(ANY_SEGMENT);
                case REST -> shape.append(ANY_REST);
            }
        }
        return shape.toString();
    }

    private boolean walk(String value, Captured captured) {
        int at = 0;
        for (Part part : parts) {
            int end = switch (part.kind()) {
                case LITERAL ->
                    value.startsWith(part.text(), at) ? at + part.text().length() : -1;
                case SEGMENT -> segmentEnd(value, at) - part.tail();
                case REST -> value.length();
            };
            if (end <= at) {
                return false;
            }
            if (part.kind() != Kind.LITERAL) {
                captured.take(part.text(), at, end);
            }
            at = end;
        }
        return at == value.length();
    }

    private static int segmentEnd(String value, int from) {
        int end = from;
        while (end < value.length() && !isSeparator(value.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Tells whether the character ends a segment. */
    static boolean isSeparator(char c) {
        return c == '.' || c == ':' || c == '/';
    }

    /** Returns the pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }

    /** What a part stands for. */
    enum Kind {
        LITERAL,
        SEGMENT,
        REST
    }

    /**
     * One part.
     *
     * @param kind what it stands for
     * @param text the literal, or the name
     * @param tail for a segment: how many characters of its segment the literal behind it takes
     */
    record Part(Kind kind, String text, int tail) {}

    @FunctionalInterface
    private interface Captured {
        void take(String name, int from, int to);
    }
}
