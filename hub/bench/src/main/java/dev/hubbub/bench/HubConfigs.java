package dev.hubbub.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The configs that the benchmarks give to the hub. */
final class HubConfigs {

    private HubConfigs() {}

    /** One open rule, limits out of the way. */
    static String fanout() throws IOException {
        return resource("/bench-hub.yaml");
    }

    /** Open rules of every kind of delivery, the limits of the node as they come. */
    static String loads() throws IOException {
        return resource("/bench-loads.yaml");
    }

    /** Logged-in people on addresses with presence. */
    static String presence() throws IOException {
        return resource("/bench-presence.yaml");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HubConfigs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new BenchException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
