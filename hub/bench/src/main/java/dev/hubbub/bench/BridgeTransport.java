package dev.hubbub.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The two ways the bridge protocol goes over a WebSocket. */
enum BridgeTransport implements Dialect {
    /** One JSON text per message at {@code /eventbus/websocket}. */
    PLAIN {
        @Override
        String path() {
            return "/eventbus/websocket";
        }

        @Override
        byte[] wrap(byte[] json) {
            return json;
        }
    },

    /** SockJS framing at {@code /eventbus/SERVER/SESSION/websocket}: a JSON array of strings, each a JSON text. */
    SOCKJS {
        @Override
        String path() {
            int session = ThreadLocalRandom.current().nextInt();
            return "/eventbus/%03d/%08x/websocket".formatted((session >>> 1) % 1_000, session);
        }

        @Override
        byte[] wrap(byte[] json) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 64);
            out.writeBytes(OPEN);
            for (byte b : json) {
                if (b == '"' || b == '\\') {
                    out.write('\\');
                }
                out.write(b);
            }
            out.writeBytes(END);
            return out.toByteArray();
        }
    };

    private static final byte[] OPEN = "[\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"]".getBytes(StandardCharsets.US_ASCII);

    /** Where to connect; of a new session each time. */
    abstract String path();

    /** The message as it goes into a text frame. */
    abstract byte[] wrap(byte[] json);

    @Override
    public String title() {
        return toString();
    }

    @Override
    public String subscriberPath(String address) {
        return path();
    }

    @Override
    public String publisherPath(String address) {
        return path();
    }

    @Override
    public Optional<byte[]> subscribe(String address) {
        return Optional.of(
                wrap(Dialect.utf8("{\"type\":\"register\",\"address\":\"" + address + "\",\"headers\":{}}")));
    }

    @Override
    public byte[] publish(String address, byte[] body) {
        String head = "{\"type\":\"publish\",\"address\":\"" + address + "\",\"headers\":{},\"body\":";
        return wrap(Dialect.joined(head, body, "}"));
    }

    @Override
    public Heard hear(String text) {
        boolean error = text.replace("\\", "").contains("\"type\":\"err\"");
        return error || (this == SOCKJS && text.startsWith("c")) ? Heard.REFUSED : Heard.NOTHING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
