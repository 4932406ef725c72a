package dev.hubbub.http;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The positions of all addresses of one stream, as the one text that {@code id:} can hold.
 *
 * <p>For each address that has a position: four bytes of the address's checksum, a length, the position; all of it in
 * Base64 for URLs. 20 addresses make at most {@value #MAX_LENGTH} characters. Order does not matter, so that a client
 * may come back with its addresses in another order, more of them, or fewer. Should two addresses have the same
 * checksum, one gets the other's position, which the hub answers with {@code POSITION_LOST} because epochs differ.
 *
 * <p>Confined to the stream's event loop.
 */
final class SseCursor {
    /** The longest text that is looked at. */
    static final int MAX_LENGTH = 2_720;

    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;

    private final Map<Address, String> positions = new LinkedHashMap<>();

    /** Remembers the place of the last event that was handed to the client. */
    void moveTo(Address address, Position position) {
        positions.put(address, position.toString());
    }

    /** Remembers what the client said it had, until something newer is known. */
    void resume(Address address, String position) {
        positions.put(address, position);
    }

    /** Forgets an address that the stream has no more. */
    void forget(Address address) {
        positions.remove(address);
    }

    /** Returns the text; empty when no address has a position. */
    Optional<String> text() {
        if (positions.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        positions.forEach((address, position) -> {
            byte[] text = position.getBytes(StandardCharsets.US_ASCII);
            bytes.writeBytes(ByteBuffer.allocate(CHECKSUM_BYTES)
                    .putInt(checksum(address.value()))
                    .array());
            bytes.write(text.length);
            bytes.writeBytes(text);
        });
        return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray()));
    }

    /**
     * Reads the text that a client handed back.
     *
     * <p>One that this hub can never have made, such as another system's, is no error: a browser that is refused for
     * its {@code Last-Event-ID} never comes back. Every address then has a position that is lost, and the client is
     * told so.
     */
    static Resume read(String text) {
        Map<Integer, String> positions = new HashMap<>();
        try {
            if (text.length() > MAX_LENGTH) {
                return Resume.LOST;
            }
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (!bytes.hasRemaining() || bytes.get() != VERSION) {
                return Resume.LOST;
            }
            while (bytes.hasRemaining()) {
                int checksum = bytes.getInt();
                byte[] position = new byte[Byte.toUnsignedInt(bytes.get())];
                bytes.get(position);
                positions.put(checksum, new String(position, StandardCharsets.US_ASCII));
            }
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException malformed) {
            return Resume.LOST;
        }
        return new Resume(positions, Optional.empty());
    }

    private static int checksum(String address) {
        CRC32 crc = new CRC32();
        crc.update(address.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** What a client handed back. */
    static final class Resume {
        /** No position has this text, so that asking for it is answered with {@code POSITION_LOST}. */
        static final Resume LOST = new Resume(Map.of(), Optional.of("?"));

        private final Map<Integer, String> positions;
        private final Optional<String> otherwise;

        private Resume(Map<Integer, String> positions, Optional<String> otherwise) {
            this.positions = Map.copyOf(positions);
            this.otherwise = otherwise;
        }

        /** Returns the place to go on from; empty when the client knew none. */
        Optional<String> position(String address) {
            return Optional.ofNullable(positions.get(checksum(address))).or(() -> otherwise);
        }
    }
}
