package dev.hubbub.config;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import java.util.List;

/** Any file is a config, or faults that stand in the file. */
public final class ConfigFuzz {
    private static final ConfigLoader LOADER = new ConfigLoader(ConfigLoads.ENVIRONMENT);

    private ConfigFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        try {
            HubConfig config = LOADER.load("hub.yaml", text, List.of());
            must(config.http().port() >= 0, "a config that is taken has a port");
        } catch (ConfigException refused) {
            must(!refused.faults().isEmpty(), "a refusal names its faults");
            for (Fault fault : refused.faults()) {
                must(fault.at().line() >= 1 && fault.at().column() >= 1, "a fault stands somewhere");
                FuzzText.saysNothingOfTheInside(fault.message(), text);
            }
        }
    }
}
