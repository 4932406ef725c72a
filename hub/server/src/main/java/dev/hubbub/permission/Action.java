package dev.hubbub.permission;

import java.util.Locale;
import java.util.Optional;

/** What somebody wants to do with an address. */
public enum Action {
    /** Hear events and read what is retained. */
    SUBSCRIBE,
    /** Publish events. */
    PUBLISH,
    /** See the roster: there must be one, and subscribing must be allowed. */
    PRESENCE,
    /** Send a request to the service behind the address. */
    SEND;

    /** Reads the name that commands and the HTTP API use, such as {@code subscribe}. */
    public static Optional<Action> parse(String text) {
        for (Action action : values()) {
            if (action.wireName().equals(text)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    /** Returns the name that commands and the HTTP API use. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
