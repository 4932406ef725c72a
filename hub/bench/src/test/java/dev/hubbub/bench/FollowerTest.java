package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A follower against a server that says what the test wants. */
class FollowerTest {

    @Test
    void theWaitStandsInTheReasonOrNowhere() {
        assertThat(LoadClient.toldWait("reconnect in 1234 ms")).isEqualTo(1_234);
        assertThat(LoadClient.toldWait("the client does not read")).isNull();
    }

    @Test
    void whoIsToldToWaitComesBackWithItsPositionAndNoticesWhatIsMissing() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                LoadLoop loop = new LoadLoop(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()))) {
            BlockingQueue<String> registered = new LinkedBlockingQueue<>();
            Thread script = new Thread(() -> play(server, registered), "server");
            script.start();

            Follower follower = new Follower(loop, "log:1", LoadClient.Kind.PLAIN, age -> {});
            assertThat(loop.runUntil(() -> follower.seen() == 4, 10_000)).isTrue();
            script.join(10_000);

            assertThat(follower.closes()).isEqualTo(1);
            assertThat(follower.waits()).isEqualTo(1);
            assertThat(follower.faults()).as("3 is missing").isEqualTo(1);
            assertThat(registered.poll(10, TimeUnit.SECONDS)).doesNotContain("position");
            assertThat(registered.poll(10, TimeUnit.SECONDS)).contains("\"position\":\"E.1-a:2\"");
        }
    }

    private static void play(ServerSocket server, BlockingQueue<String> registered) {
        try {
            try (Socket first = server.accept()) {
                registered.add(upgrade(first));
                event(first, 1);
                event(first, 2);
                frame(first, 0x88, "\u0003\u00f4reconnect in 20 ms".getBytes(StandardCharsets.ISO_8859_1));
            }
            Socket second = server.accept();
            registered.add(upgrade(second));
            event(second, 4);
        } catch (IOException e) {
            registered.add("failed: " + e);
        }
    }

    private static void event(Socket socket, long number) throws IOException {
        String body = new String(EventBody.render(0, number, 1), StandardCharsets.US_ASCII);
        String text = "{\"type\":\"rec\",\"address\":\"log:1\",\"headers\":{\"position\":\"E.1-a:" + number
                + "\"},\"body\":" + body + "}";
        frame(socket, 0x81, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(Socket socket, int first, byte[] payload) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(payload.length);
        } else {
            out.write(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
        }
        out.write(payload);
        out.flush();
    }

    /** Answers the handshake; returns the first frame. */
    private static String upgrade(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readByte());
        }
        socket.getOutputStream().write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        in.readByte();
        int length = in.readByte() & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new String(payload, StandardCharsets.US_ASCII);
    }
}
