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

    /** A text that another room compiles, and where it stands in the file. */
    public record Expression(String source, SourcePosition at) {}

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
     */
    public record Presence(List<String> show, Duration grace) {
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
