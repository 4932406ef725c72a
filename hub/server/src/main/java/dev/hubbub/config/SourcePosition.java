package dev.hubbub.config;

/**
 * A place in a config file.
 *
 * @param file the file's name as the operator gave it
 * @param line counted from 1
 * @param column counted from 1
 */
public record SourcePosition(String file, int line, int column) {

    /** The place of a value that no file gave, such as a default. */
    public static final SourcePosition DEFAULT = new SourcePosition("(default)", 1, 1);

    /** Returns the place {@code columns} to the right, on the same line. */
    public SourcePosition right(int columns) {
        return new SourcePosition(file, line, column + columns);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
