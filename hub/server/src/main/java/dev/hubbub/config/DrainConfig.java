package dev.hubbub.config;

import java.time.Duration;

/**
 * How a node goes.
 *
 * @param within over how long at least it closes its sockets one after the other, while other nodes take them; 0 s to
 *     10 min; default 15 s
 * @param limit when it ends at the latest, with whatever is left; 5 s to 1 h, longer than {@code within}; default 45 s
 * @param accepts how many returning sockets a second this node takes over from one that goes; default 200
 */
public record DrainConfig(Duration within, Duration limit, int accepts) {

    /** What holds where the file says nothing. */
    public static final DrainConfig DEFAULT = new DrainConfig(Duration.ofSeconds(15), Duration.ofSeconds(45), 200);
}
