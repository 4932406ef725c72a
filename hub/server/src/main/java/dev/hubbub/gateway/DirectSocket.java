package dev.hubbub.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a socket of Linux with one system call and nothing around it.
 *
 * <p>Netty's queue costs a third of a delivery: an entry, a duplicate of the buffer and a walk through the pipeline for
 * bytes that leave at once anyway. It is still what takes the rest when the socket is full. Only to be used while that
 * queue is empty, for otherwise bytes would overtake each other. Static, so that a delivery touches no object but the
 * socket's own: between two events the kernel's work for all the others has emptied the caches.
 */
final class DirectSocket {

    private DirectSocket() {}

    /** Returns the way past the queue; null where there is none: without epoll, and where TLS has to see every byte. */
    static @Nullable Socket of(Channel channel) {
        return channel instanceof EpollSocketChannel epoll
                        && epoll.fd() instanceof Socket socket
                        && channel.pipeline().get(SslHandler.class) == null
                ? socket
                : null;
    }

    /**
     * Writes what the socket takes now and leaves the buffer as it is.
     *
     * @param bytes a buffer with a memory address
     * @return how many bytes are left
     * @throws IOException if the connection is over
     */
    static int write(Socket socket, ByteBuf bytes) throws IOException {
        if (!socket.isOpen()) {
            // Its number may belong to another connection by now.
            throw new IOException("the connection is closed");
        }
        int from = bytes.readerIndex();
        int to = bytes.writerIndex();
        // send and not write: it goes around the kernel's layer of files, which is some 3 % of a delivery.
        return to - from - socket.sendAddress(bytes.memoryAddress(), from, to);
    }
}
