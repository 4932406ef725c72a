package dev.hubbub.messaging;

import dev.hubbub.config.Fault;
import dev.hubbub.config.JsonFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds what would fail only when an event comes: references to nothing, references in a ring, bad patterns. */
final class SchemaReferences {
    private final JsonFile file;
    private final List<Fault> faults = new ArrayList<>();

    SchemaReferences(JsonFile file) {
        this.file = file;
    }

    /** Returns every fault of the file. */
    List<Fault> faults() {
        visit(file.json(), "");
        return faults;
    }

    private void visit(Object value, String pointer) {
        if (value instanceof JsonObject object) {
            object.forEach(entry -> {
                String inner = pointer + JsonFile.step(entry.getKey());
                if (entry.getKey().equals("$ref") && entry.getValue() instanceof String reference) {
                    checkReference(reference, inner);
                } else if (entry.getKey().equals("pattern") && entry.getValue() instanceof String pattern) {
                    checkPattern(pattern, inner);
                } else {
                    visit(entry.getValue(), inner);
                }
            });
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                visit(array.getValue(i), pointer + "/" + i);
            }
        }
    }

    private void checkReference(String reference, String pointer) {
        Set<String> seen = new HashSet<>();
        String next = reference;
        while (seen.add(next)) {
            if (!isInFile(next)) {
                String problem =
                        "\"" + next + "\" leads nowhere in this file (expected a reference such as #/$defs/name)";
                faults.add(new Fault(file.at(pointer), problem));
                return;
            }
            boolean onward = JsonPointer.fromURI(URI.create(next)).queryJson(file.json()) instanceof JsonObject target
                    && target.getValue("$ref") instanceof String;
            if (!onward) {
                return;
            }
            JsonObject target =
                    (JsonObject) JsonPointer.fromURI(URI.create(next)).queryJson(file.json());
            next = target.getString("$ref");
        }
        faults.add(new Fault(file.at(pointer), "\"" + reference + "\" leads back to itself"));
    }

    private boolean isInFile(String reference) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            return false;
        }
        try {
            return JsonPointer.fromURI(URI.create(reference)).queryJson(file.json()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void checkPattern(String pattern, String pointer) {
        try {
            Pattern unused = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            faults.add(new Fault(file.at(pointer), "not a regular expression: " + e.getDescription()));
        }
    }
}
