package dev.hubbub;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A TCP connection to a node, with just enough HTTP and WebSocket to break both.
 *
 * <p>It blocks, with a deadline of ten seconds for every read, and is confined to one thread.
 */
final class Wire implements AutoCloseable {
    static final int FINAL = 0x80;
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int DEADLINE_MILLIS = 10_000;
    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    private final Socket socket;
    private final DataInputStream in;

    /** An HTTP answer. */
    record Answer(int status, Map<String, String> headers, String body) {}

    /** One WebSocket frame of the server; {@code opcode} -1 stands for the end of the connection. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares messages.
    record Message(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Returns the code of a close frame, 1005 for an empty one and 1006 for a connection that just ended. */
        int closeCode() {
            if (opcode == -1) {
                return 1006;
            }
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }
    }

    Wire(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a WebSocket, which must succeed. */
    static Wire upgraded(int port, String path, String... headers) {
        Wire wire = new Wire(port);
        Answer answer = wire.handshake(path, headers);
        if (answer.status() != 101) {
            throw new AssertionError(path + " was answered with " + answer);
        }
        return wire;
    }

    Answer handshake(String path, String... headers) {
        StringBuilder request = new StringBuilder(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return http(request.append("\r\n").toString());
    }

    Answer post(String path, String body, String... headers) {
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return http(request + "Content-Length: " + length + "\r\n\r\n" + body);
    }

    /** Writes a request as it stands and reads the answer. */
    Answer http(String request) {
        raw(request.getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    /** Reads an answer without its body, which may have no end. */
    Answer head(String request) {
        raw(request.getBytes(StandardCharsets.UTF_8));
        return answer(false);
    }

    Answer answer() {
        return answer(true);
    }

    private Answer answer(boolean whole) {
        try {
            String status = line();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            byte[] body = new byte[0];
            if (!whole) {
                body = new byte[0];
            } else if (headers.containsKey("content-length")) {
                body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
            } else if ("chunked".equals(headers.get("transfer-encoding"))) {
                body = chunks();
            }
            return new Answer(
                    Integer.parseInt(status.substring(9, 12)), headers, new String(body, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            endOfLine();
        }
        endOfLine();
        return body.toByteArray();
    }

    private void endOfLine() throws IOException {
        if (!line().isEmpty()) {
            throw new IOException("a chunk does not end where it should");
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Writes bytes; a connection that the node has cut already is found when it is read. */
    void raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException cut) {
            // The answer, or its absence, is what the tests look at.
        }
    }

    void text(String text) {
        frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a masked frame; {@code first} is its first byte. */
    void frame(int first, byte[] payload) {
        raw(bytes(first, payload));
    }

    static byte[] bytes(int first, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            out.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            out.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            out.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        out.put(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.put((byte) (payload[i] ^ MASK[i % 4]));
        }
        byte[] all = new byte[out.position()];
        out.flip().get(all);
        return all;
    }

    /** Reads the next frame; fails when none comes in time. */
    Message read() {
        try {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            long length = second & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            return new Message(first & 0xf, in.readNBytes((int) length));
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("nothing came from the node within " + DEADLINE_MILLIS + " ms", e);
        } catch (EOFException | java.net.SocketException e) {
            return new Message(-1, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next byte and returns it; -1 for the end of the connection, -2 when none came in time. */
    int peek(int millis) {
        try {
            socket.setSoTimeout(millis);
            try {
                return in.read();
            } finally {
                socket.setSoTimeout(DEADLINE_MILLIS);
            }
        } catch (java.net.SocketTimeoutException late) {
            return -2;
        } catch (IOException gone) {
            return -1;
        }
    }

    /** Reads the next text message, past pings. */
    String readText() {
        Message message = read();
        while (message.opcode() == PING) {
            message = read();
        }
        if (message.opcode() != TEXT) {
            throw new AssertionError("not a text: opcode " + message.opcode() + " code " + message.closeCode());
        }
        return message.text();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
