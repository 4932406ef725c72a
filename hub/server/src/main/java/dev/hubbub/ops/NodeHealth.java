package dev.hubbub.ops;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What a node knows of its own state, and the reload that can change it; called on the listener's event loop. */
public interface NodeHealth {

    /** Tells whether the node can serve: started, and not going away. */
    boolean isReady();

    /** Returns details for people: version, since when, and what the last reload said. */
    JsonObject details();

    /**
     * Reads the config file again.
     *
     * @return what changed; fails with {@link dev.hubbub.config.ConfigException} and then nothing has changed
     */
    Future<JsonObject> reload();

    /**
     * Reads the config file as {@link #reload} does, and names the subscriptions of all nodes that it would end.
     *
     * @return {@code {dryRun, cut, more, nodes, rules, needsRestart}}; fails as {@link #reload}; nothing changes
     */
    Future<JsonObject> previewReload();
}
