package dev.hubbub.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that the demos run on, and the button that kills one.
 *
 * <p>Only processes that {@code scripts/cluster} has started and named in a file can be killed, and only Java ones. A
 * node alone is never killed: nobody would be left to answer.
 */
final class ClusterControl {
    private static final Logger log = LoggerFactory.getLogger(ClusterControl.class);

    private final List<String> urls;
    private final boolean behindTheHub;
    private final List<Path> pidFiles;

    ClusterControl(DemoSettings settings) {
        this.urls = settings.hubUrls();
        this.behindTheHub = settings.isBehindTheHub();
        this.pidFiles = settings.pidFiles();
    }

    /**
     * Describes every node: its URL, empty for the page's own origin, and whether its process runs as far as this
     * machine knows.
     */
    JsonObject describe() {
        JsonArray nodes = new JsonArray();
        for (int i = 0; i < urls.size(); i++) {
            nodes.add(new JsonObject()
                    .put("url", behindTheHub ? "" : urls.get(i))
                    .put("name", urls.size() == 1 ? "one node" : "node " + i)
                    .put("runs", pidFiles.isEmpty() || process(i).isPresent()));
        }
        return new JsonObject().put("nodes", nodes).put("canKill", canKill());
    }

    /** Kills a node at once, as a machine does that loses power. */
    JsonObject kill(int node) {
        if (!canKill()) {
            throw new DemoException(
                    409, "one_node", "There is one node only. Start scripts/cluster 3 and press this button there.");
        }
        ProcessHandle process = process(node)
                .orElseThrow(() -> new DemoException(409, "not_running", "node " + node + " is not running"));
        boolean asked = process.destroyForcibly();
        log.info("node killed on request node={} pid={}", node, process.pid());
        return describe().put("killed", asked);
    }

    /** Asks scripts/cluster to start a node again: it looks for a file beside that of the process id. */
    JsonObject restart(int node) {
        if (!canKill() || node < 0 || node >= pidFiles.size()) {
            throw DemoException.badRequest("there is no node " + node + " that a script started");
        }
        try {
            Files.writeString(pidFiles.get(node).resolveSibling("node-" + node + ".start"), "");
            return describe();
        } catch (IOException unwritable) {
            throw new DemoException(500, "internal_error", "the wish could not be written: " + unwritable.getMessage());
        }
    }

    private boolean canKill() {
        return urls.size() > 1 && pidFiles.size() == urls.size();
    }

    private Optional<ProcessHandle> process(int node) {
        if (node < 0 || node >= pidFiles.size()) {
            throw DemoException.badRequest("there is no node " + node);
        }
        try {
            long pid = Long.parseLong(Files.readString(pidFiles.get(node)).trim());
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> found.info().command().orElse("").contains("java"));
        } catch (IOException | NumberFormatException gone) {
            return Optional.empty();
        }
    }
}
