package dev.hubbub.config;

/**
 * One thing that is wrong with a config.
 *
 * @param at where it stands
 * @param message what is wrong and what was expected, in plain words
 */
public record Fault(SourcePosition at, String message) {
    @Override
    public String toString() {
        return at + ": " + message;
    }
}
