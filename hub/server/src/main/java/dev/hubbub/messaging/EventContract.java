package dev.hubbub.messaging;

import dev.hubbub.config.ConfigException;
import dev.hubbub.config.Fault;
import dev.hubbub.config.JsonFile;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JSON Schema (draft 2020-12) of one event type's payload, checked and compiled. */
final class EventContract {
    private static final String DRAFT = Draft.DRAFT202012.getIdentifier();
    private static final List<String> META = List.of(
            "schema",
            "meta/core",
            "meta/applicator",
            "meta/validation",
            "meta/meta-data",
            "meta/format-annotation",
            "meta/content",
            "meta/unevaluated");

    private final JsonObject schema;
    private final Validator validator;

    private EventContract(JsonObject schema) {
        this.schema = schema;
        this.validator = Validator.create(JsonSchema.of(schema.copy()), options());
    }

    /**
     * Reads one schema file.
     *
     * @throws ConfigException with the place of every fault
     */
    static EventContract read(String file, String text) {
        JsonFile read = JsonFile.read(file, text);
        Set<Fault> faults = new LinkedHashSet<>();
        String draft = String.valueOf(read.json().getValue("$schema", DRAFT));
        if (!draft.equals(DRAFT)) {
            faults.add(new Fault(read.at("/$schema"), "contracts are written in draft 2020-12: " + DRAFT));
        }
        faults.addAll(new SchemaReferences(read).faults());
        if (faults.isEmpty()) {
            units(metaSchema().validate(read.json()))
                    .filter(PayloadFault::isBlame)
                    .map(unit -> new Fault(read.at(PayloadFault.pointer(unit)), "not a JSON Schema: " + words(unit)))
                    .findFirst()
                    .ifPresent(faults::add);
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(List.copyOf(faults));
        }
        return new EventContract(read.json());
    }

    /** Returns what is wrong with a payload; empty when nothing is. */
    Optional<String> fault(@Nullable Object payload) {
        return units(validator.validate(payload))
                .filter(unit -> PayloadFault.isBlame(unit, schema))
                .findFirst()
                .map(unit -> PayloadFault.of(unit, schema).message());
    }

    private static Stream<OutputUnit> units(OutputUnit result) {
        return result.getErrors() == null ? Stream.empty() : result.getErrors().stream();
    }

    private static String words(OutputUnit unit) {
        return PayloadFault.path(unit, "the schema") + " has a value that draft 2020-12 does not allow there";
    }

    private static JsonSchemaOptions options() {
        return new JsonSchemaOptions()
                .setBaseUri("https://hubbub.dev/")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
    }

    /** The meta schema is in the library; its own loader would want a file system of Vert.x. */
    private static Validator metaSchema() {
        SchemaRepository repository = SchemaRepository.create(options());
        String folder = DRAFT.substring(0, DRAFT.lastIndexOf('/') + 1);
        META.forEach(name -> repository.dereference(folder + name, JsonSchema.of(resource(folder + name))));
        return repository.validator(DRAFT);
    }

    private static JsonObject resource(String uri) {
        String name = uri.substring(uri.indexOf("://") + 3);
        try (InputStream in = Validator.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not packed with the server");
            }
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
