package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The schema and the reader say the same, and the schema helps its readers. */
class ConfigSchemaTest {
    private final ConfigSchema schema = ConfigSchema.load();

    @Test
    void packedSchemaIsTheOneThatEditorsUse() throws IOException {
        assertThat(schema.root()).isEqualTo(new JsonObject(Files.readString(Path.of("../../config/hub.schema.json"))));
    }

    @Test
    void schemaAcceptsTheShippedFile() throws IOException {
        assertThat(judge(Path.of("../../config/hub.yaml"))).isEmpty();
    }

    @Test
    void schemaAcceptsTheFullFileAndRefusesTheSeededOne() throws IOException {
        Path resources = Path.of("src/test/resources/dev/hubbub/config");
        assertThat(judge(resources.resolve("full.yaml"))).isEmpty();
        String seeded = Files.readString(resources.resolve("ten-faults.yaml")).replace("  frame: 32KiB\n", "");
        assertThat(schema.judge(new JsonObject(new Yaml().<java.util.Map<String, Object>>load(seeded))))
                .extracting(OutputUnit::getInstanceLocation)
                .contains("#/ops/port", "#/http/prot", "#/limits/frame", "#/addresses/0/delivery");
    }

    /**
     * The reader stops with an IllegalStateException at a key that the schema lacks, and at one of the schema that it
     * does not read; the full file opens every section there is.
     */
    @Test
    void fullFileHoldsEveryKeyOfTheSchema() throws IOException {
        Set<String> known = new TreeSet<>();
        walk(schema.root(), new HashSet<>(), (section, key) -> known.add(key));
        String full = Files.readString(Path.of("src/test/resources/dev/hubbub/config/full.yaml"));
        known.removeAll(Set.of("publicKey", "jwks", "dns")); // each excludes another key
        assertThat(known).allSatisfy(key -> assertThat(full).containsPattern("\\b" + key + ":"));
        assertThat(ConfigLoads.load("auth: { jwt: { jwks: 'https://x/y' } }")
                        .auth()
                        .jwt()
                        .orElseThrow()
                        .keys())
                .isEqualTo(new AuthConfig.Jwks(java.net.URI.create("https://x/y")));
    }

    @Test
    void everyKeyIsDescribed() {
        walk(
                schema.root(),
                new HashSet<>(),
                (section, key) -> assertThat(schema.shapeOf(section, key).getString("description"))
                        .as(key)
                        .isNotBlank());
    }

    @Test
    void unknownKeysAreRefusedEverywhere() {
        walk(
                schema.root(),
                new HashSet<>(),
                (section, key) -> assertThat(section.getBoolean("additionalProperties"))
                        .as("section of " + key)
                        .isFalse());
    }

    private Iterable<OutputUnit> judge(Path file) throws IOException {
        return schema.judge(new JsonObject(new Yaml().<java.util.Map<String, Object>>load(Files.readString(file))));
    }

    private void walk(JsonObject section, Set<JsonObject> seen, BiConsumer<JsonObject, String> visit) {
        if (seen.add(section)) {
            for (String key : ConfigSchema.keys(section).fieldNames()) {
                visit.accept(section, key);
                JsonObject shape = schema.shapeOf(section, key);
                walk(shape, seen, visit);
                walk(schema.shapeOfItems(shape), seen, visit);
            }
        }
    }
}
