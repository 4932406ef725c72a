package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A subscriber of one log that comes back with its position however it was cut, and checks that nothing is missing.
 *
 * <p>The events of its address are numbered from 1 in the order of the log. Owned by the thread of its loop.
 */
final class Follower implements LoadClient.Listener {
    private static final byte[] POSITION = "\"position\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final long RETRY_MILLIS = 200;
    private static final int POSITION_BYTES = 96;

    private final LoadLoop loop;
    private final String address;
    private final LoadClient.Kind kind;
    private final LongConsumer latency;
    private final byte[] position = new byte[POSITION_BYTES];
    private int positionLength;
    private LoadClient client;
    private boolean registered;
    private long seen;
    private long faults;
    private int closes;
    private int tooSlow;
    private int waits;
    private String lastWords = "";

    /** Connects; every event's age in nanoseconds goes to {@code latency}. */
    Follower(LoadLoop loop, String address, LoadClient.Kind kind, LongConsumer latency) throws IOException {
        this.loop = loop;
        this.address = address;
        this.kind = kind;
        this.latency = latency;
        this.client = loop.connect(kind, this);
    }

    @Override
    public void opened(LoadClient opened) {
        String after = positionLength == 0
                ? ""
                : ",\"position\":\"" + new String(position, 0, positionLength, StandardCharsets.US_ASCII) + "\"";
        String register = "{\"type\":\"register\",\"address\":\"" + address + "\",\"headers\":{\"notices\":\"true\""
                + after + "}}";
        opened.send(register.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void message(LoadClient from, ByteBuffer buffer, int begin, int end) {
        int at = EventBody.find(buffer, begin, end);
        if (at < 0) {
            notice(LoadClient.text(buffer, begin, end));
            return;
        }
        long number = EventBody.sequence(buffer, at);
        if (number != seen + 1) {
            faults++;
        }
        seen = number;
        keepPosition(buffer, begin, at);
        latency.accept(loop.now() - EventBody.nanos(buffer, at));
    }

    private void notice(String text) {
        registered |= text.contains("hub.subscribed");
        if (text.contains("\"type\":\"err\"")) {
            lastWords = text;
            faults += text.contains("POSITION_LOST") ? 1 : 0;
        } else if (positionLength == 0 && text.contains("hub.subscribed")) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            keepPosition(bytes, 0, bytes.limit());
        }
    }

    private void keepPosition(ByteBuffer buffer, int begin, int end) {
        for (int i = begin; i < end - POSITION.length; i++) {
            if (buffer.get(i) == POSITION[0] && matches(buffer, i)) {
                int from = i + POSITION.length;
                int length = 0;
                while (buffer.get(from + length) != '"') {
                    position[length] = buffer.get(from + length);
                    length++;
                }
                positionLength = length;
                return;
            }
        }
    }

    private static boolean matches(ByteBuffer buffer, int at) {
        for (int i = 1; i < POSITION.length; i++) {
            if (buffer.get(at + i) != POSITION[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void closed(LoadClient gone, int code, String reason) {
        closes++;
        tooSlow += code == 4408 ? 1 : 0;
        Long wait = LoadClient.toldWait(reason);
        waits += wait == null ? 0 : 1;
        loop.after(wait == null ? RETRY_MILLIS : wait, this::connect);
    }

    /** Comes back, from its position if it has one. */
    void connect() {
        registered = false;
        try {
            client = loop.connect(kind, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LoadClient client() {
        return client;
    }

    /** Whether it was told that it is subscribed, which comes after everything that it missed. */
    boolean isRegistered() {
        return registered;
    }

    long seen() {
        return seen;
    }

    /** Events that came out of turn, and positions that were lost. */
    long faults() {
        return faults;
    }

    int closes() {
        return closes;
    }

    /** How often it was closed for being too slow. */
    int tooSlow() {
        return tooSlow;
    }

    /** How often it was told to wait. */
    int waits() {
        return waits;
    }

    String lastWords() {
        return lastWords;
    }
}
