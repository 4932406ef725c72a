package dev.hubbub.bench;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How one kind of server is spoken to over a WebSocket: subscribe, publish, stay alive. Stateless. */
interface Dialect {

    /** As it is printed. */
    String title();

    /** Where a subscriber of an address connects; of a new session each time where there are sessions. */
    String subscriberPath(String address);

    /** Where a publisher to an address connects. */
    String publisherPath(String address);

    /** Whether one connection publishes to every address; otherwise each address takes a connection of its own. */
    default boolean publishesAnywhere() {
        return true;
    }

    /** What is said right after the upgrade, before anything else. */
    default Optional<byte[]> greeting() {
        return Optional.empty();
    }

    /** Whether a connection has to hear {@link Heard#ready} before it says more than its greeting. */
    default boolean waitsForReady() {
        return false;
    }

    /** What subscribes; empty where the path has done it. */
    Optional<byte[]> subscribe(String address);

    /** What publishes a body of JSON. */
    byte[] publish(String address, byte[] body);

    /** What a message means that carries no event. */
    Heard hear(String text);

    /**
     * What a message without an event means.
     *
     * @param ready the server takes messages from now on
     * @param refused it is a refusal, which ends the run
     * @param answer what has to be said in return
     */
    record Heard(boolean ready, boolean refused, Optional<byte[]> answer) {
        /** Nothing to do. */
        static final Heard NOTHING = new Heard(false, false, Optional.empty());

        /** The server says no. */
        static final Heard REFUSED = new Heard(false, true, Optional.empty());

        /** The connection may be used. */
        static final Heard READY = new Heard(true, false, Optional.empty());

        static Heard answered(String text) {
            return new Heard(false, false, Optional.of(utf8(text)));
        }
    }

    /** The bytes of a text. */
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The parts of a message one after the other. */
    static byte[] joined(String before, byte[] body, String after) {
        byte[] head = utf8(before);
        byte[] tail = utf8(after);
        byte[] whole = new byte[head.length + body.length + tail.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        System.arraycopy(tail, 0, whole, head.length + body.length, tail.length);
        return whole;
    }
}
