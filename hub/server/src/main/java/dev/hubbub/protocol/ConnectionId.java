package dev.hubbub.protocol;

/**
 * The name of one connection, unique across nodes and restarts.
 *
 * @param value opaque, made of {@code A-Z a-z 0-9 -}
 */
public record ConnectionId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
