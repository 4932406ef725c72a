package dev.hubbub.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The receiving half of an RFC 6455 client, for one connection.
 *
 * <p>All connections of a generator read through one scratch buffer. What a read leaves unfinished is kept here and put
 * in front of the next read, so a frame is always seen whole and is not copied in the common case. Not thread-safe.
 */
final class FrameParser {

    /** What a connection hears; the buffer is only valid during the call. */
    interface Sink {

        /** A whole text or binary message, at {@code from} inclusive to {@code to} exclusive. */
        void message(ByteBuffer buffer, int from, int to);

        /** A ping, to be answered with the same payload. */
        void ping(byte[] payload);

        /** A close frame; code 1005 when it carries none. */
        void closed(int code, String reason);
    }

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int NO_STATUS = 1005;

    private byte[] kept = new byte[0];
    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream(0);
    private boolean fragmented;

    /**
     * Reads once and hands every finished message to the sink.
     *
     * @param scratch the shared buffer; its content is overwritten
     * @return how many bytes were read; -1 at the end of the stream
     * @throws IOException if the channel fails
     * @throws BenchException if the bytes are not what a server may send, or a frame does not fit the scratch buffer
     */
    int read(ReadableByteChannel channel, ByteBuffer scratch, Sink sink) throws IOException {
        scratch.clear();
        scratch.put(kept);
        if (!scratch.hasRemaining()) {
            throw new BenchException("a frame is larger than the receive buffer of " + scratch.capacity() + " bytes");
        }
        int count = channel.read(scratch);
        if (count <= 0) {
            return count;
        }
        scratch.flip();
        int at = 0;
        int next = frame(scratch, at, sink);
        while (next > at) {
            at = next;
            next = frame(scratch, at, sink);
        }
        keep(scratch, at);
        return count;
    }

    private void keep(ByteBuffer scratch, int at) {
        int rest = scratch.limit() - at;
        if (rest != kept.length) {
            kept = new byte[rest];
        }
        scratch.get(at, kept);
    }

    /** Handles the frame at {@code at}; gives where the next begins, or {@code at} when this one is not whole yet. */
    private int frame(ByteBuffer in, int at, Sink sink) {
        int available = in.limit() - at;
        if (available < 2) {
            return at;
        }
        int first = in.get(at);
        int second = in.get(at + 1);
        if ((first & 0x70) != 0 || second < 0) {
            throw new BenchException("the server sent a masked frame or one with reserved bits");
        }
        int header = 2;
        long length = second;
        if (second == 126) {
            header = 4;
            length = available < header ? Long.MAX_VALUE : in.getShort(at + 2) & 0xFFFF;
        } else if (second == 127) {
            header = 10;
            length = available < header ? Long.MAX_VALUE : in.getLong(at + 2);
        }
        if (length > available - header) {
            return at;
        }
        int from = at + header;
        int to = from + (int) length;
        payload(in, from, to, first, sink);
        return to;
    }

    private void payload(ByteBuffer in, int from, int to, int first, Sink sink) {
        boolean last = first < 0;
        int opcode = first & 0xF;
        switch (opcode) {
            case TEXT, BINARY -> {
                if (last && !fragmented) {
                    sink.message(in, from, to);
                } else {
                    fragment(bytes(in, from, to), opcode, last, sink);
                }
            }
            case CONTINUATION -> fragment(bytes(in, from, to), opcode, last, sink);
            case PING -> sink.ping(bytes(in, from, to));
            case PONG -> {
                // An unasked pong is allowed and means nothing.
            }
            case CLOSE -> {
                byte[] bytes = bytes(in, from, to);
                int code = bytes.length < 2 ? NO_STATUS : ((bytes[0] & 0xFF) << 8) + (bytes[1] & 0xFF);
                byte[] reason = Arrays.copyOfRange(bytes, Math.min(2, bytes.length), bytes.length);
                sink.closed(code, new String(reason, StandardCharsets.UTF_8));
            }
            default -> throw new BenchException("the server sent a frame of unknown kind " + opcode);
        }
    }

    private void fragment(byte[] bytes, int opcode, boolean last, Sink sink) {
        if (fragmented != (opcode == CONTINUATION)) {
            throw new BenchException("the server mixed up the fragments of a message");
        }
        fragments.writeBytes(bytes);
        fragmented = !last;
        if (last) {
            byte[] whole = fragments.toByteArray();
            fragments.reset();
            sink.message(ByteBuffer.wrap(whole), 0, whole.length);
        }
    }

    private static byte[] bytes(ByteBuffer in, int from, int to) {
        byte[] bytes = new byte[to - from];
        in.get(from, bytes);
        return bytes;
    }
}
