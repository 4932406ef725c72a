package dev.hubbub.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.hubbub.config.LogConfig;
import dev.hubbub.config.LogConfig.Format;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The log of a process that is a hub and nothing else, over Logback.
 *
 * <p>What libraries say is not the hub's: their levels stand in {@code logback.xml}. A process that logs some other way
 * is left alone.
 */
public final class LogbackLog implements LogControl {
    private static final String OWN_LINES = "dev.hubbub";
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n";

    @Override
    public void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logs) {
            takeInOthers();
            logs.getLogger(OWN_LINES).setLevel(Level.toLevel(config.level().name()));
            logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
                    .iteratorForAppenders()
                    .forEachRemaining(appender -> {
                        if (appender instanceof OutputStreamAppender<ILoggingEvent> lines) {
                            format(logs, lines, config.format());
                        }
                    });
        }
    }

    /** Some libraries log through the JDK, which would write lines of its own beside these. */
    private static void takeInOthers() {
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }

    /** A line that is being written meanwhile is whole, in the one format or the other. */
    private static void format(LoggerContext logs, OutputStreamAppender<ILoggingEvent> lines, Format format) {
        boolean isJson = lines.getEncoder() instanceof JsonLines;
        if (isJson != (format == Format.JSON)) {
            Encoder<ILoggingEvent> encoder = format == Format.JSON ? new JsonLines() : text();
            encoder.setContext(logs);
            encoder.start();
            lines.setEncoder(encoder);
        }
    }

    private static PatternLayoutEncoder text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        return encoder;
    }
}
