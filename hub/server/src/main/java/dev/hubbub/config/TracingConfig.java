package dev.hubbub.config;

import java.net.URI;
import java.util.Optional;

/**
 * Which events become spans, and who is told of them.
 *
 * @param otlp the collector, which takes OTLP over HTTP; empty for no tracing at all
 * @param sample the share of events that begin a trace of their own, 0 to 1; default 0.01
 */
public record TracingConfig(Optional<URI> otlp, double sample) {

    /** What holds where the file says nothing. */
    public static final TracingConfig NONE = new TracingConfig(Optional.empty(), 0.01);
}
