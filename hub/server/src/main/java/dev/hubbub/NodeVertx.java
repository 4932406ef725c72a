package dev.hubbub;

import io.vertx.core.VertxOptions;

/** How the Vert.x of a node is made. */
final class NodeVertx {
    private NodeVertx() {}

    /** Makes the options of a node's Vert.x; of two nodes' in one process each needs its own. */
    static VertxOptions options() {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        if (Runtime.getRuntime().availableProcessors() == 1) {
            // On one core a second loop runs nothing sooner and makes every hand-over a switch of threads.
            options.setEventLoopPoolSize(1);
        }
        return options;
    }
}
