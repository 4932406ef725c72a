package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;

/** A transport that keeps what it is given; a test says how much of it is unsent. */
final class FakeTransport implements SocketTransport {
    final List<String> sent = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final List<String> closes = new ArrayList<>();
    long unsent;
    long left;
    int pings;
    boolean aborted;

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void send(ServerFrame frame) {
        sent.add(frame.text().toString());
    }

    @Override
    public void send(EventBatch batch) {
        send(batch.events());
    }

    @Override
    public void send(List<EventFrame> frames) {
        frames.forEach(frame -> events.add(frame.content().json().toJsonObject().getString("text")));
    }

    @Override
    public long unsentBytes() {
        return unsent;
    }

    @Override
    public long leftBytes() {
        return left;
    }

    @Override
    public boolean ping() {
        pings++;
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        closes.add(code.number() + " " + reason);
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
