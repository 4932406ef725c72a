package dev.hubbub.config;

import dev.hubbub.config.AddressRule.Expression;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Cuts a scalar's text out of the file with the line breaks its author gave it. */
final class ExpressionText {

    private ExpressionText() {}

    /**
     * Cuts out one scalar.
     *
     * @param written the scalar as it stands in the file, with quotes or block header
     * @param at where {@code written} begins
     * @param resolve what fills in placeholders
     */
    static Expression of(ScalarNode node, String written, SourcePosition at, UnaryOperator<String> resolve) {
        ScalarStyle style = node.getScalarStyle();
        if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
            return block(written, at, resolve);
        }
        if (style == ScalarStyle.PLAIN) {
            return lines(written, at, resolve);
        }
        String quoted = written.length() < 2 ? "" : written.substring(1, written.length() - 1);
        boolean escaped = style == ScalarStyle.DOUBLE_QUOTED && quoted.indexOf('\\') >= 0;
        return escaped
                ? new Expression(resolve.apply(node.getValue()), at.right(1))
                : lines(style == ScalarStyle.SINGLE_QUOTED ? quoted.replace("''", "'") : quoted, at.right(1), resolve);
    }

    private static Expression lines(String text, SourcePosition at, UnaryOperator<String> resolve) {
        List<String> all = text.lines().toList();
        if (all.size() < 2) {
            return new Expression(resolve.apply(text), at);
        }
        List<String> rest = all.subList(1, all.size());
        int indentation = indentation(rest);
        String source = all.get(0) + "\n" + cut(rest, indentation);
        return new Expression(resolve.apply(source.stripTrailing()), at, indentation);
    }

    private static Expression block(String written, SourcePosition at, UnaryOperator<String> resolve) {
        List<String> all = written.lines().toList();
        int first = 1;
        while (first < all.size() && all.get(first).isBlank()) {
            first++;
        }
        List<String> body = all.subList(Math.min(first, all.size()), all.size());
        int indentation = indentation(body);
        SourcePosition begin = new SourcePosition(at.file(), at.line() + first, indentation + 1);
        return new Expression(resolve.apply(cut(body, indentation).stripTrailing()), begin, indentation);
    }

    private static int indentation(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
    }

    private static String cut(List<String> lines, int indentation) {
        return lines.stream()
                .map(line ->
                        line.substring(Math.min(indentation, line.length())).stripTrailing())
                .collect(Collectors.joining("\n"));
    }
}
