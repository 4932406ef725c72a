package dev.hubbub.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The least a server can do: it copies what is published to everybody who registered, one write per subscriber and
 * turn.
 *
 * <p>No permission, no log, no JSON: it shows what the generator itself can take and what the operating system asks for
 * a delivery. Plain transport only, one address, one thread, loopback. Its clients are the generator's; it bounds
 * nothing.
 */
final class FloorServer implements AutoCloseable {

    private static final int SCRATCH_BYTES = 1 << 18;
    private static final int BACKLOG = 10_000;
    private static final byte[] PUBLISH = "{\"type\":\"publish\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BODY = "\"body\":".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final ServerSocketChannel acceptor = ServerSocketChannel.open();
    private final UnaryOperator<List<byte[]>> tamper;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final ByteBuffer turn = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final List<FloorPeer> subscribers = new ArrayList<>();
    private List<byte[]> published = new ArrayList<>();

    /**
     * Binds on loopback.
     *
     * @param port 0 takes a free one
     * @param tamper what becomes of the events of a turn; tests lose and double some
     */
    FloorServer(int port, UnaryOperator<List<byte[]>> tamper) throws IOException {
        this.tamper = tamper;
        acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        acceptor.configureBlocking(false);
        acceptor.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Serves until the process is ended; the first argument is the port. */
    public static void main(String[] args) throws IOException {
        try (FloorServer server = new FloorServer(Integer.parseInt(args[0]), UnaryOperator.identity())) {
            server.serve();
        }
    }

    /** Where it listens. */
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) acceptor.getLocalAddress();
    }

    /** Serves until it is closed or its thread is interrupted. */
    void serve() throws IOException {
        while (selector.isOpen() && !Thread.currentThread().isInterrupted()) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept();
                } else {
                    ((FloorPeer) key.attachment()).ready();
                }
            }
            selector.selectedKeys().clear();
            deliver();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = acceptor.accept(); channel != null; channel = acceptor.accept()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            key.attach(new FloorPeer(channel, key, scratch, this::message));
        }
    }

    private void message(FloorPeer peer, byte[] message) {
        if (!startsWith(message, 0, PUBLISH)) {
            subscribers.add(peer);
            return;
        }
        int body = PUBLISH.length;
        while (!startsWith(message, body, BODY)) {
            body++;
        }
        published.add(Arrays.copyOfRange(message, body + BODY.length, message.length - 1));
    }

    private void deliver() throws IOException {
        if (published.isEmpty()) {
            return;
        }
        turn.clear();
        for (byte[] body : tamper.apply(published)) {
            byte[] head = ("{\"type\":\"rec\",\"address\":\"" + FanoutGenerator.ADDRESS + "\",\"body\":")
                    .getBytes(StandardCharsets.US_ASCII);
            int length = head.length + body.length + 1;
            turn.put((byte) 0x81).put((byte) 126).putShort((short) length);
            turn.put(head).put(body).put((byte) '}');
        }
        turn.flip();
        published = new ArrayList<>();
        subscribers.removeIf(FloorPeer::gone);
        for (FloorPeer subscriber : subscribers) {
            turn.rewind();
            subscriber.write(turn);
        }
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] prefix) {
        return Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length);
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() throws IOException {
        try (selector;
                acceptor) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }
}
