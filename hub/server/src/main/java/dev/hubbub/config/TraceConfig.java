package dev.hubbub.config;

import java.time.Duration;

/**
 * How much a node remembers of what became of events.
 *
 * @param entries how many decisions at most, over all its event loops; about 150 bytes each; default 200,000
 * @param keep for how long at most; 1 s to 1 d; default 10 min
 */
public record TraceConfig(int entries, Duration keep) {

    /** What holds where the file says nothing. */
    public static final TraceConfig DEFAULT = new TraceConfig(200_000, Duration.ofMinutes(10));
}
