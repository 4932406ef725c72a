package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a stream of Server-Sent Events only when it is told to, from a socket with a small buffer. */
final class SseClient implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final String status;
    private final List<String> headers = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    SseClient(int port, String path, String... headers) throws IOException {
        socket.setReceiveBufferSize(4 * 1024);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        status = line();
        for (String header = line(); !header.isEmpty(); header = line()) {
            this.headers.add(header);
        }
    }

    String status() {
        return status;
    }

    String header(String name) {
        return headers.stream()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(header -> header.substring(name.length() + 1).trim())
                .findFirst()
                .orElse("");
    }

    /** Waits for the next block of lines. */
    Event next() throws IOException {
        while (body.indexOf("\n\n") < 0) {
            if (!chunk()) {
                throw new IOException("the stream has ended after: " + body);
            }
        }
        int end = body.indexOf("\n\n");
        Event event = new Event(body.substring(0, end).lines().toList());
        body.delete(0, end + 2);
        return event;
    }

    /** Waits for the next block, whatever it is. */
    void skip() throws IOException {
        assertThat(next().lines()).isNotEmpty();
    }

    /** Reads until a text has come. */
    void skipUntil(String text) throws IOException {
        for (Event event = next(); event.lines().stream().noneMatch(line -> line.contains(text)); ) {
            event = next();
        }
    }

    boolean isAtEnd() throws IOException {
        return body.length() == 0 && !chunk();
    }

    /** Tells whether the connection breaks in the middle of the stream. */
    boolean isCutOff() {
        try {
            while (chunk()) {
                body.setLength(0);
            }
            return false;
        } catch (IOException broken) {
            return !(broken instanceof java.net.SocketTimeoutException);
        }
    }

    private boolean chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        for (int i = 0; i < length; i++) {
            body.append((char) read());
        }
        String end = line();
        if (!end.isEmpty()) {
            throw new IOException("chunk is longer than it says: " + end);
        }
        return length > 0;
    }

    private int read() throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new IOException("the connection has ended");
        }
        return c;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = read(); c != '\n'; c = read()) {
            line.append((char) c);
        }
        return line.toString().replace("\r", "");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One block of lines, without the empty one that ends it. */
    record Event(List<String> lines) {
        String field(String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        JsonObject json() {
            return new JsonObject(String.join(
                    "\n",
                    lines.stream()
                            .filter(line -> line.startsWith("data: "))
                            .map(line -> line.substring("data: ".length()))
                            .toList()));
        }
    }
}
