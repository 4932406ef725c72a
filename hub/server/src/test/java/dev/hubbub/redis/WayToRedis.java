package dev.hubbub.redis;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy before Redis that can swallow everything, keep newcomers waiting, and lead elsewhere. */
final class WayToRedis {
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final NetClient out = vertx.createNetClient();
    private final NetServer door = vertx.createNetServer();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Pipe> pipes = new CopyOnWriteArrayList<>();
    private volatile RealRedis target;
    private volatile boolean holding;

    WayToRedis(RealRedis target) throws Exception {
        this.target = target;
        var unused = door.connectHandler(this::accept)
                .listen(0, HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    String url() {
        return "redis://" + HOST + ":" + door.actualPort();
    }

    /** Returns how many connections there ever were. */
    int accepted() {
        return accepted.get();
    }

    /** Swallows whatever goes over the connections that are open now; nobody is told. */
    void swallow() {
        pipes.forEach(pipe -> pipe.swallows = true);
    }

    /** Takes connections from now on, but passes on nothing of what comes over them. */
    void hold() {
        holding = true;
    }

    /** Passes on what was held back, and all that comes. */
    void release() {
        holding = false;
        pipes.forEach(pipe -> pipe.from.resume());
    }

    /** Leads connections from now on to another Redis. */
    void leadTo(RealRedis another) {
        target = another;
    }

    private void accept(NetSocket from) {
        accepted.incrementAndGet();
        from.pause();
        out.connect(target.port(), HOST).onSuccess(to -> join(from, to)).onFailure(failure -> close(from));
    }

    private void join(NetSocket from, NetSocket to) {
        Pipe pipe = new Pipe(from);
        from.handler(bytes -> pipe.pass(bytes, to)).closeHandler(end -> close(to));
        to.handler(bytes -> pipe.pass(bytes, from)).closeHandler(end -> close(from));
        // A side that gives up resets its connection, and the close handler does what there is to do.
        from.exceptionHandler(reset -> pipe.swallows = true);
        to.exceptionHandler(reset -> pipe.swallows = true);
        pipes.add(pipe);
        if (!holding) {
            from.resume();
        }
    }

    private static void close(NetSocket socket) {
        socket.close().onFailure(Throwable::printStackTrace);
    }

    void close() throws Exception {
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static final class Pipe {
        private final NetSocket from;
        private volatile boolean swallows;

        Pipe(NetSocket from) {
            this.from = from;
        }

        void pass(Buffer bytes, NetSocket onward) {
            if (!swallows) {
                onward.write(bytes).onFailure(gone -> WayToRedis.close(onward));
            }
        }
    }
}
