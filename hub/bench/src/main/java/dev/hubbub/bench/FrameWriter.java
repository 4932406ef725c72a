package dev.hubbub.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** The sending half of an RFC 6455 client: one masked frame per message. */
final class FrameWriter {

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PONG = 10;
    private static final int NORMAL = 1000;

    private FrameWriter() {}

    /** A text message, already UTF-8. */
    static ByteBuffer text(byte[] payload) {
        return frame(TEXT, payload);
    }

    /** The answer to a ping. */
    static ByteBuffer pong(byte[] payload) {
        return frame(PONG, payload);
    }

    /** A normal close, code 1000. */
    static ByteBuffer close() {
        return frame(CLOSE, new byte[] {NORMAL >> 8, (byte) (NORMAL & 0xFF)});
    }

    private static ByteBuffer frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) (FINAL | opcode));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (mask >> (8 * (3 - i % 4)))));
        }
        return frame.flip();
    }
}
