package dev.hubbub.config;

import dev.hubbub.config.Yaml.Scalar;
import dev.hubbub.config.Yaml.Section;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a config file, all faults at once.
 *
 * <p>The steps: YAML with the place of every key and value ({@link YamlReader}), {@code ${NAME}} from the environment
 * ({@link Placeholders}), {@link Overrides}, the schema ({@link SchemaCheck}), then typed reading with the checks that
 * no schema can say ({@link HubConfigReader}). A file that is not YAML ends after the first step, for the rest cannot
 * be seen; otherwise every fault is told, each once. An empty file is the defaults.
 *
 * <p>Looks at the disk only to see that the files and folders that the config names are there.
 */
public final class ConfigLoader {
    private final Placeholders placeholders;
    private final ConfigSchema schema = ConfigSchema.load();

    /** Creates a loader that resolves {@code ${NAME}} from {@code environment}. */
    public ConfigLoader(Map<String, String> environment) {
        this.placeholders = new Placeholders(Map.copyOf(environment));
    }

    /**
     * Reads the text of a file.
     *
     * <p>Files that it names are looked up in the folder of {@code file}, then in the working directory.
     *
     * @param file the name that faults and relative paths refer to
     * @param text the YAML
     * @param overrides {@code key=value} pairs that win over the file, such as {@code http.port=8081}; the value is
     *     YAML; no value takes the key away. Their faults name the file {@code --set}, and the number of the pair as
     *     the line
     * @throws ConfigException with every fault of file and overrides
     */
    public HubConfig load(String file, String text, List<String> overrides) {
        return load(file, text, overrides, config -> List.of());
    }

    /**
     * Reads the text of a file; when it has faults, those that {@code alsoCheck} finds are told together with them.
     *
     * @param alsoCheck finds the faults that lie deeper, such as those of expressions, in what could be read
     * @throws ConfigException with every fault of file and overrides
     */
    public HubConfig load(
            String file, String text, List<String> overrides, Function<HubConfig, List<Fault>> alsoCheck) {
        Faults faults = new Faults();
        SourcePosition start = new SourcePosition(file, 1, 1);
        YamlReader reader = new YamlReader(text, start, placeholders, faults);
        Yaml read = reader.read().orElseGet(() -> new Section(start, Map.of()));
        if (reader.failed()) {
            faults.throwIfAny();
        }
        if (!(read instanceof Section) && !(read instanceof Scalar scalar && scalar.isNothing())) {
            faults.add(read.at(), "a config is a section with keys such as http: and addresses:, not a single value");
        }
        Section written = read instanceof Section section ? section : new Section(start, Map.of());
        Section config = new Overrides(placeholders, faults).apply(written, overrides);
        new SchemaCheck(schema, faults).check(config);
        SectionReader.Reading reading = new SectionReader.Reading(schema, faults, new ConfigFiles(file));
        HubConfig result = HubConfigReader.read(new SectionReader(reading, config, schema.root(), ""));
        if (!faults.isEmpty()) {
            faults.addElsewhere(alsoCheck.apply(result));
        }
        faults.throwIfAny();
        return result;
    }
}
