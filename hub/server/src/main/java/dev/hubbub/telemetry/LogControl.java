package dev.hubbub.telemetry;

import dev.hubbub.config.LogConfig;

/** Puts in force what the config says of the log; called again after every reload, on any thread. */
@FunctionalInterface
public interface LogControl {
    /** For a hub in somebody else's process: the log is theirs. */
    LogControl THEIRS = config -> {};

    /** Holds from the next line on. */
    void apply(LogConfig config);
}
