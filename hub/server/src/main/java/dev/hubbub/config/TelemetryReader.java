package dev.hubbub.config;

import dev.hubbub.config.LogConfig.Format;
import dev.hubbub.config.LogConfig.Level;
import java.util.Optional;
import java.util.Set;

/** Reads what the file says of log and tracing. */
final class TelemetryReader {

    private TelemetryReader() {}

    static LogConfig log(SectionReader log) {
        LogConfig config = new LogConfig(
                log.choice("format", Format.class), log.choice("level", Level.class), log.integer("sample"));
        log.done();
        return config;
    }

    static TracingConfig tracing(SectionReader tracing) {
        TracingConfig config = new TracingConfig(
                tracing.parsed("otlp", text -> AuthReader.url(text, Set.of("http", "https"))),
                tracing.parsed("sample", text -> Optional.of(Double.valueOf(text)))
                        .orElse(0.0));
        tracing.done();
        return config;
    }
}
