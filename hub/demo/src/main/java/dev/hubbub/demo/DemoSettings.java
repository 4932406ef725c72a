package dev.hubbub.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the demos' back end is told when it starts.
 *
 * @param hubUrls the public listeners of the hub's nodes, at least one
 * @param opsUrls their operators' listeners, in the same order
 * @param secret with which the hub checks tokens; a login service of a real system would have a private key
 * @param serviceKey the API key with which the back ends publish and read
 * @param operatorKey the API key with which they revoke tokens
 * @param port where to listen on loopback; 0 for any
 * @param web the folder of the pages
 * @param pidFiles files with the nodes' process ids, in the order of the nodes; empty when no script started them
 */
public record DemoSettings(
        List<String> hubUrls,
        List<String> opsUrls,
        String secret,
        String serviceKey,
        String operatorKey,
        int port,
        Path web,
        List<Path> pidFiles) {

    /** Copies the lists. */
    public DemoSettings {
        hubUrls = List.copyOf(hubUrls);
        opsUrls = List.copyOf(opsUrls);
        pidFiles = List.copyOf(pidFiles);
        if (hubUrls.isEmpty()) {
            throw new IllegalArgumentException("the demos need the URL of a hub");
        }
    }

    /** Reads them from the config of a deployment. */
    static DemoSettings of(JsonObject config) {
        String web = config.getString("web");
        return new DemoSettings(
                texts(config, "hubUrl", "hubUrls"),
                texts(config, "opsUrl", "opsUrls"),
                required(config, "secret"),
                required(config, "serviceKey"),
                required(config, "operatorKey"),
                config.getInteger("port", 0),
                web == null ? besideTheClasses() : Path.of(web),
                texts(config, "pidFile", "pidFiles").stream().map(Path::of).toList());
    }

    /** Tells whether the pages are served by the hub itself; else they come from another origin than their hub. */
    boolean isBehindTheHub() {
        return port == 0;
    }

    private static List<String> texts(JsonObject config, String one, String many) {
        return Optional.ofNullable(config.getJsonArray(many))
                .or(() -> Optional.ofNullable(config.getString(one)).map(JsonArray::of))
                .orElseGet(JsonArray::new)
                .stream()
                .map(String::valueOf)
                .toList();
    }

    private static String required(JsonObject config, String key) {
        return Optional.ofNullable(config.getString(key))
                .orElseThrow(() -> new IllegalArgumentException("the demos' config has no " + key));
    }

    /** The build writes the pages beside the classes, or beside the jar. */
    private static Path besideTheClasses() {
        try {
            var place = DemoSettings.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(place.toURI()).resolveSibling("web");
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("classes come from a place that is no URI", impossible);
        }
    }

    /** Hides the secret and the keys. */
    @Override
    public String toString() {
        return "DemoSettings[hubUrls=" + hubUrls + ", port=" + port + ", web=" + web + "]";
    }
}
