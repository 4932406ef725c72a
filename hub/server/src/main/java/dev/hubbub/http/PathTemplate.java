package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path of the API's description, such as {@code /api/v1/addresses/{address}/events}.
 *
 * <p>The parameter {@code address} may hold plain slashes, every other one ends at the next slash. Values are taken
 * from the path as it was sent: what makes a path normal would make another address of {@code a//b}.
 */
final class PathTemplate {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final String WITH_SLASHES = "address";

    private final List<String> names = new ArrayList<>();
    private final Pattern pattern;
    private final String regex;

    PathTemplate(String template) {
        Matcher parameter = PARAMETER.matcher(template);
        StringBuilder groups = new StringBuilder();
        int from = 0;
        while (parameter.find()) {
            names.add(parameter.group(1));
            groups.append(Pattern.quote(template.substring(from, parameter.start())));
            groups.append(parameter.group(1).equals(WITH_SLASHES) ? "(.+)" : "([^/]+)");
            from = parameter.end();
        }
        groups.append(Pattern.quote(template.substring(from)));
        this.pattern = Pattern.compile(groups.toString());
        this.regex = template.replace(".", "\\.")
                .replace("{" + WITH_SLASHES + "}", ".+")
                .replaceAll("\\{\\w+}", "[^/]+");
    }

    /** Returns what a router matches paths with. */
    String regex() {
        return regex;
    }

    /** Reads the parameters, decoded; fails with {@code NOT_FOUND} or {@code BAD_REQUEST}. */
    Map<String, String> values(String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            throw new HubException(ErrorCode.NOT_FOUND, "there is nothing under this path");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), RequestValues.path(names.get(i), matcher.group(i + 1)));
        }
        return values;
    }
}
