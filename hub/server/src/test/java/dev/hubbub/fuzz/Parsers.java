package dev.hubbub.fuzz;

import dev.hubbub.auth.TokenFuzz;
import dev.hubbub.config.ConfigFuzz;
import dev.hubbub.gateway.FramingFuzz;
import dev.hubbub.http.ApiFuzz;
import dev.hubbub.http.CursorFuzz;
import dev.hubbub.permission.PatternFuzz;
import dev.hubbub.protocol.FrameFuzz;
import dev.hubbub.protocol.PositionFuzz;
import java.util.Locale;
import java.util.function.Consumer;

/** Every parser that reads what strangers write, and the property that holds of it for any input. */
@SuppressWarnings("ImmutableEnumChecker") // The fields are method references and classes.
public enum Parsers {
    /** Client frames, alone and in arrays. */
    FRAMES(FrameFuzz::fuzzerTestOneInput, FrameFuzz.class, 20_000),
    /** How frames lie in messages: plain, batch and SockJS, in and out. */
    FRAMING(FramingFuzz::fuzzerTestOneInput, FramingFuzz.class, 10_000),
    /** Addresses, and patterns of addresses. */
    PATTERNS(PatternFuzz::fuzzerTestOneInput, PatternFuzz.class, 20_000),
    /** Positions that come back. */
    POSITIONS(PositionFuzz::fuzzerTestOneInput, PositionFuzz.class, 20_000),
    /** Tokens: as they are, and with the right signature under any header and claims. */
    TOKENS(TokenFuzz::fuzzerTestOneInput, TokenFuzz.class, 5_000),
    /** The config file. */
    CONFIG(ConfigFuzz::fuzzerTestOneInput, ConfigFuzz.class, 400),
    /** Bodies of HTTP calls, against the API's description. */
    BODIES(ApiFuzz::fuzzerTestOneInput, ApiFuzz.class, 1_000),
    /** What comes back as Last-Event-ID. */
    CURSORS(CursorFuzz::fuzzerTestOneInput, CursorFuzz.class, 20_000);

    private final Consumer<byte[]> target;
    private final Class<?> owner;
    private final int shortRun;

    Parsers(Consumer<byte[]> target, Class<?> owner, int shortRun) {
        this.target = target;
        this.owner = owner;
        this.shortRun = shortRun;
    }

    /** Returns the folder of its corpus. */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the class whose {@code fuzzerTestOneInput} Jazzer calls. */
    public String className() {
        return owner.getName();
    }

    int shortRun() {
        return shortRun;
    }

    void feed(byte[] input) {
        target.accept(input);
    }
}
