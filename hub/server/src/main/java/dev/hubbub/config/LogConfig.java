package dev.hubbub.config;

/**
 * What a node writes to its log.
 *
 * @param format how a line looks; default text
 * @param level the least that the hub's own lines must be to be written; default info
 * @param sample one event in so many is followed through the log, the same ones on every node; 0 for none, the default;
 *     1 for all
 */
public record LogConfig(Format format, Level level, int sample) {

    /** What holds where the file says nothing. */
    public static final LogConfig DEFAULT = new LogConfig(Format.TEXT, Level.INFO, 0);

    /** How a line looks. */
    public enum Format {
        /** For people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }

    /** How much a line matters. */
    public enum Level {
        /** For who looks for a fault. */
        DEBUG,
        /** What one would tell a colleague. */
        INFO,
        /** What will need someone. */
        WARN,
        /** What has failed. */
        ERROR
    }
}
