package dev.hubbub.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/** The two ways the bridge protocol goes over a WebSocket. */
enum BridgeTransport {
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
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
