package dev.hubbub.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One rule of {@code addresses:}, as the file has it; expressions are compiled by the permission room.
 *
 * @param index its place in the list, counted from 0
 * @param match the address pattern
 * @param subscribe who may subscribe and read; no expression is a no
 * @param publish who may publish; no expression is a no
 * @param send who may send requests to the service verticle at this address; no expression is a no
 * @param delivery what is kept
 * @param every thinning of {@code latest} and {@code signal}: at most one delivery per key and this time; zero for none
 * @param keep how much of a log is kept
 * @param presence what a roster shows; empty when the address has no roster
 * @param types the only event types that pass, as {@code type@version}; empty for any
 * @param risingVersions whether a {@code resourceVersion} must be above the resource's last one
 * @param body what an event may be
 */
public record AddressRule(
        int index,
        Expression match,
        Optional<Expression> subscribe,
        Optional<Expression> publish,
        Optional<Expression> send,
        DeliveryKind delivery,
        Duration every,
        Keep keep,
        Optional<Presence> presence,
        List<String> types,
        boolean risingVersions,
        Body body) {

    /** Copies the types. */
    public AddressRule {
        types = List.copyOf(types);
    }

    /** A rule of which nothing is known but who may subscribe. */
    public static AddressRule forSubscribing(Expression match, Optional<Expression> subscribe) {
        return new AddressRule(
                0,
                match,
                subscribe,
                Optional.empty(),
                Optional.empty(),
                DeliveryKind.LOG,
                Duration.ZERO,
                new Keep(1, Duration.ofMillis(1), 1),
                Optional.empty(),
                List.of(),
                false,
                Body.EVENT);
    }

    /**
     * A text that another room compiles, and where it stands in the file.
     *
     * <p>The text keeps the line breaks of the file, whatever the style of the YAML scalar: the compiler's line and
     * column are turned into the file's by {@link #positionOf}. Quotes are not part of the text, nor is the header of a
     * block ({@code |} or {@code >}, which mean the same here: lines are never folded into one). The answer is exact
     * except behind an escape or an environment placeholder on the same line, which are longer or shorter in the file.
     *
     * @param source the text; from the second line on without the indentation that all those lines have
     * @param at the place of its first character
     * @param indentation how many columns were cut from each line after the first
     */
    public record Expression(String source, SourcePosition at, int indentation) {

        /** A text of one line, or of lines that all begin below its first character. */
        public Expression(String source, SourcePosition at) {
            this(source, at, at.column() - 1);
        }

        /** Returns the file's place of a line and a column of the text, both counted from 1. */
        public SourcePosition positionOf(int line, int column) {
            return line <= 1
                    ? at.right(column - 1)
                    : new SourcePosition(at.file(), at.line() + line - 1, indentation + column);
        }
    }

    /**
     * How much of a log is kept; whatever is reached first.
     *
     * @param events at most this many; default 1,000
     * @param age at most this old; default 24 h ({@code for} in the file)
     * @param bytes at most this much, in bytes of JSON; default 4 MiB
     */
    public record Keep(int events, Duration age, long bytes) {}

    /**
     * What a roster shows.
     *
     * @param show names of claims; default sub
     * @param grace how long a user may be away without leaving; default 5 s
     * @param service where on the event bus joins and leaves are sent ({@code notify} in the file); empty for nowhere
     */
    public record Presence(List<String> show, Duration grace, Optional<String> service) {
        /** Copies the names. */
        public Presence {
            show = List.copyOf(show);
        }
    }

    /** What an event may be. */
    public enum Body {
        /** An object with a type and a payload, completed by the hub. */
        EVENT,
        /** Any JSON, passed on untouched. */
        ANY,
        /** Bytes. */
        BINARY
    }
}
