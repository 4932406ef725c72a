package dev.hubbub.permission;

import dev.hubbub.permission.AddressPattern.Kind;
import dev.hubbub.permission.AddressPattern.Part;
import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one address pattern and tells every fault with its place. */
final class PatternParser {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String REST = "...";
    private static final Set<String> TAKEN = Set.of("claims", "connection");

    /** The words that the expression language keeps for itself. */
    private static final Set<String> LANGUAGE = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while");

    private final String text;
    private final List<PatternFault> faults = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final StringBuilder literal = new StringBuilder();

    /** One thing that is wrong, {@code offset} characters from the start. */
    record PatternFault(int offset, String message) {}

    PatternParser(String text) {
        this.text = text;
        read();
    }

    /** Returns the faults in their order; empty for a good pattern. */
    List<PatternFault> faults() {
        return faults;
    }

    /** Returns the parts; of use only when there are no faults. */
    List<Part> parts() {
        return parts;
    }

    private void read() {
        if (text.isEmpty()) {
            fault(0, "a pattern has at least one character");
            return;
        }
        checkReserved();
        boolean nameInSegment = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '{') {
                readLiteral(at, c);
                nameInSegment &= !AddressPattern.isSeparator(c);
                at++;
                continue;
            }
            int close = text.indexOf('}', at);
            if (close < 0) {
                fault(at, "this { is never closed");
                return;
            }
            if (nameInSegment) {
                fault(at, "two names in one segment could be read in two ways; put one of . : / between them");
            }
            nameInSegment = true;
            readName(at, close);
            at = close + 1;
        }
        endLiteral();
        checkLength();
    }

    private void checkReserved() {
        for (String prefix : ReservedAddresses.PREFIXES) {
            if (text.startsWith(prefix)) {
                fault(0, "addresses that start with " + prefix + " belong to the hub itself");
            }
        }
    }

    private void readLiteral(int at, char c) {
        if (c == '}') {
            fault(at, "this } closes nothing");
        } else if (c == '*') {
            fault(at, "* has no meaning here; write {name} for one segment or {name...} for the rest");
        } else if (!Address.isValid(String.valueOf(c))) {
            fault(at, "an address cannot have this character; it has A-Z a-z 0-9 _ - . : / @");
        }
        literal.append(c);
    }

    private void readName(int open, int close) {
        endLiteral();
        String inside = text.substring(open + 1, close);
        boolean rest = inside.endsWith(REST);
        String name = rest ? inside.substring(0, inside.length() - REST.length()) : inside;
        int at = open + 1;
        if (!NAME.matcher(name).matches()) {
            fault(at, "a name is a letter or _, then letters, digits or _");
        } else if (TAKEN.contains(name)) {
            fault(at, "the name " + name + " is taken: expressions know the caller's " + name + " by it");
        } else if (LANGUAGE.contains(name)) {
            fault(at, name + " is a word of the expression language; choose another name");
        } else if (!names.add(name)) {
            fault(at, "the name " + name + " is used twice");
        }
        if (rest && close < text.length() - 1) {
            fault(at, "a name with ... takes the rest of the address, so nothing can follow it");
        }
        parts.add(new Part(rest ? Kind.REST : Kind.SEGMENT, name, 0));
    }

    private void endLiteral() {
        if (literal.isEmpty()) {
            return;
        }
        String value = literal.toString();
        literal.setLength(0);
        int last = parts.size() - 1;
        if (last >= 0 && parts.get(last).kind() == Kind.SEGMENT) {
            parts.set(last, new Part(Kind.SEGMENT, parts.get(last).text(), tail(value)));
        }
        parts.add(new Part(Kind.LITERAL, value, 0));
    }

    private static int tail(String literal) {
        int length = 0;
        while (length < literal.length() && !AddressPattern.isSeparator(literal.charAt(length))) {
            length++;
        }
        return length;
    }

    private void checkLength() {
        int shortest = 0;
        for (Part part : parts) {
            shortest += part.kind() == Kind.LITERAL ? part.text().length() : 1;
        }
        if (shortest > Address.MAX_LENGTH) {
            fault(0, "no address is this long; the longest has " + Address.MAX_LENGTH + " characters");
        }
    }

    private void fault(int offset, String message) {
        faults.add(new PatternFault(offset, message));
    }
}
