package dev.hubbub.bus;

/**
 * How messages of one class travel between nodes.
 *
 * <p>A number, once given, means the same in every later version: nodes of two versions talk to each other during a
 * rolling restart. What a version adds it adds at the end, where older readers do not look.
 *
 * @param number 1 to 255, unique within a hub; 0 is nothing at all
 * @param type the class, exactly: a subclass needs a number of its own
 * @param write writes all of a message
 * @param read reads what {@code write} wrote
 */
public record WireType<T>(int number, Class<T> type, Write<T> write, Read<T> read) {
    /** Checks the number. */
    public WireType {
        if (number < 1 || number > 255) {
            throw new IllegalArgumentException("number: " + number + " (expected: 1 to 255)");
        }
    }

    /** Writes a message. */
    @FunctionalInterface
    public interface Write<T> {
        /** Appends {@code message} to {@code out}. */
        void write(WireWriter out, T message);
    }

    /** Reads a message. */
    @FunctionalInterface
    public interface Read<T> {
        /** Reads one message; throws {@link IllegalArgumentException} for bytes that are none. */
        T read(WireReader in);
    }
}
