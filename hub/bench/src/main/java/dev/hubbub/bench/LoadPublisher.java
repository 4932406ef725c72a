package dev.hubbub.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Publishes numbered events on a schedule that waits for nobody; owned by the thread of its loop. */
final class LoadPublisher implements LoadClient.Listener {
    private final LoadLoop loop;
    private final LoadClient client;
    private final String padding;
    private boolean open;

    /** Connects; every event has so many bytes of text beside its body. */
    LoadPublisher(LoadLoop loop, int paddingBytes) throws IOException {
        this.loop = loop;
        this.padding = "x".repeat(paddingBytes);
        this.client = loop.connect(LoadClient.Kind.PLAIN, this);
    }

    boolean isOpen() {
        return open;
    }

    /** Publishes number after number to an address at a rate, as long as the condition holds. */
    void follow(String address, Counter counter, int perSecond, BooleanSupplier goOn) {
        next(address, counter, 1_000_000_000L / perSecond, loop.now(), goOn);
    }

    private void next(String address, Counter counter, long everyNanos, long dueNanos, BooleanSupplier goOn) {
        if (goOn.getAsBoolean()) {
            publish(address, ++counter.sent, dueNanos);
            long next = dueNanos + everyNanos;
            loop.at(next, () -> next(address, counter, everyNanos, next, goOn));
        }
    }

    /** How many events an address has got. */
    static final class Counter {
        private long sent;

        long sent() {
            return sent;
        }

        long next() {
            return ++sent;
        }
    }

    void publish(String address, long number, long dueNanos) {
        String body = new String(EventBody.render(0, number, dueNanos), StandardCharsets.US_ASCII);
        String frame = "{\"type\":\"publish\",\"address\":\"" + address + "\",\"headers\":{},\"body\":{\"e\":" + body
                + ",\"pad\":\"" + padding + "\"}}";
        client.send(frame.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void opened(LoadClient opened) {
        open = true;
    }

    @Override
    public void message(LoadClient from, ByteBuffer buffer, int begin, int end) {
        throw new BenchException("the publisher was told: " + LoadClient.text(buffer, begin, end));
    }

    @Override
    public void closed(LoadClient gone, int code, String reason) {
        throw new BenchException("the publisher was closed: " + code + " " + reason);
    }
}
