package dev.hubbub.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Optional;

/**
 * The back end of one demo: it owns the state, validates, and publishes what happened; the hub delivers.
 *
 * <p>Everything of it happens on one event loop. A demo may be looked at in several <em>spaces</em>, each with a state
 * of its own; see {@link Spaces}.
 */
public interface DemoService {

    /** Returns the name, under which its pages and its API are. */
    String name();

    /**
     * Returns the claims of a demo user, by which the hub's rules judge; empty for somebody who is none.
     *
     * @param user the name, such as {@code sarah}
     * @param space the space, as it is part of addresses
     */
    Optional<JsonObject> claims(String user, String space);

    /** Adds the API; paths are below {@code /demo/api/NAME}, bodies are read already, failures may be thrown. */
    void mount(Router router);

    /** Starts what runs by itself, such as a simulated source. */
    default Future<Void> start() {
        return Future.succeededFuture();
    }
}
