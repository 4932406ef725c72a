package dev.hubbub.ops;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Lets a node go; called on the listener's event loop. */
public interface DrainControl {

    /**
     * Begins to drain, if the node does not drain already.
     *
     * @return {@link #progress()}, once it is known how many sockets have to go and how long that takes
     */
    Future<JsonObject> begin();

    /** Returns {@code node}, {@code phase} and, once it has begun, counts and times in milliseconds. */
    JsonObject progress();
}
