package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An event of an address as subscribers get it: the {@code rec} frame, encoded once and shared by every socket.
 *
 * <p>Immutable; safe to share between event loops.
 */
public final class EventFrame implements ServerFrame {
    private final Address address;
    private final Optional<Position> position;
    private final EventContent content;
    private final Optional<ConnectionId> notBackTo;
    private final String traceparent;
    private final Buffer text;

    /**
     * Encodes the frame.
     *
     * @param address where the event was published
     * @param position its place in the log; empty for {@code signal}, whose frames carry no position
     * @param content the event
     * @param notBackTo the connection that asked not to hear it
     */
    public EventFrame(
            Address address, Optional<Position> position, EventContent content, Optional<ConnectionId> notBackTo) {
        this(address, position, content, notBackTo, "");
    }

    /**
     * Encodes the frame of an event that may be traced.
     *
     * @param traceparent what led to it, as W3C trace context writes it; empty where nothing is traced; subscribers are
     *     not told
     */
    public EventFrame(
            Address address,
            Optional<Position> position,
            EventContent content,
            Optional<ConnectionId> notBackTo,
            String traceparent) {
        this.traceparent = traceparent;
        this.address = address;
        this.position = position;
        this.content = content;
        this.notBackTo = notBackTo;
        this.text = encode();
    }

    private Buffer encode() {
        // Neither an address nor a position can hold a character that JSON escapes.
        String headers =
                position.map(p -> ",\"headers\":{\"position\":\"" + p + "\"}").orElse("");
        String head = "{\"type\":\"rec\",\"address\":\"" + address.value() + "\"" + headers + ",\"body\":";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        return Buffer.buffer(start.length + content.json().length() + 1)
                .appendBytes(start)
                .appendBuffer(content.json())
                .appendByte((byte) '}');
    }

    /** Returns where the event was published. */
    public Address address() {
        return address;
    }

    /** Returns the event's place in the log; empty for {@code signal}. */
    public Optional<Position> position() {
        return position;
    }

    /** Returns the event. */
    public EventContent content() {
        return content;
    }

    /** Returns the connection that asked not to hear it. */
    public Optional<ConnectionId> notBackTo() {
        return notBackTo;
    }

    /** Returns what led to it, for tracing; empty where nothing is traced. */
    public String traceparent() {
        return traceparent;
    }

    @Override
    public Buffer text() {
        return text;
    }
}
