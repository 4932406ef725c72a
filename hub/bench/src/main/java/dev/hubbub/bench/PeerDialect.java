package dev.hubbub.bench;

import java.util.Locale;
import java.util.Optional;

/** The protocols of servers that are not bridges. */
enum PeerDialect implements Dialect {

    /**
     * Text of our own for servers that bring none: {@code s ADDRESS} and {@code p ADDRESS BODY}; a body comes as it is.
     */
    RAW {
        @Override
        public Optional<byte[]> subscribe(String address) {
            return Optional.of(Dialect.utf8("s " + address));
        }

        @Override
        public byte[] publish(String address, byte[] body) {
            return Dialect.joined("p " + address + " ", body, "");
        }
    },

    /** Engine.IO 4 and Socket.IO 5 on a WebSocket from the beginning: events {@code s}, {@code p} and {@code e}. */
    SOCKET_IO {
        @Override
        String path(String role, String address) {
            return "/socket.io/?EIO=4&transport=websocket";
        }

        @Override
        public Optional<byte[]> greeting() {
            return Optional.of(Dialect.utf8("40"));
        }

        @Override
        public boolean waitsForReady() {
            return true;
        }

        @Override
        public Optional<byte[]> subscribe(String address) {
            return Optional.of(Dialect.utf8("42[\"s\",\"" + address + "\"]"));
        }

        @Override
        public byte[] publish(String address, byte[] body) {
            return Dialect.joined("42[\"p\",\"" + address + "\",", body, "]");
        }

        @Override
        public Heard hear(String text) {
            if (text.equals("2")) {
                return Heard.answered("3");
            }
            if (text.startsWith("40")) {
                return Heard.READY;
            }
            return text.startsWith("41") || text.startsWith("44") ? Heard.REFUSED : Heard.NOTHING;
        }
    },

    /** Nchan's WebSocket publisher and subscriber: the address stands in the path. */
    NCHAN {
        @Override
        String path(String role, String address) {
            return "/" + role + "?a=" + address;
        }

        @Override
        public boolean publishesAnywhere() {
            return false;
        }

        @Override
        public Optional<byte[]> subscribe(String address) {
            return Optional.empty();
        }

        @Override
        public byte[] publish(String address, byte[] body) {
            return body.clone();
        }
    },

    /** The text protocol of NATS in WebSocket messages. */
    NATS {
        @Override
        public Optional<byte[]> greeting() {
            return Optional.of(Dialect.utf8("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true}\r\n"));
        }

        @Override
        public Optional<byte[]> subscribe(String address) {
            return Optional.of(Dialect.utf8("SUB " + address + " 1\r\n"));
        }

        @Override
        public byte[] publish(String address, byte[] body) {
            return Dialect.joined("PUB " + address + " " + body.length + "\r\n", body, "\r\n");
        }

        @Override
        public Heard hear(String text) {
            if (text.startsWith("PING")) {
                return Heard.answered("PONG\r\n");
            }
            return text.startsWith("-ERR") ? Heard.REFUSED : Heard.NOTHING;
        }
    };

    /** The path of a {@code pub} or {@code sub} connection. */
    String path(String role, String address) {
        return "/";
    }

    @Override
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    @Override
    public String subscriberPath(String address) {
        return path("sub", address);
    }

    @Override
    public String publisherPath(String address) {
        return path("pub", address);
    }

    @Override
    public Heard hear(String text) {
        return Heard.NOTHING;
    }
}
