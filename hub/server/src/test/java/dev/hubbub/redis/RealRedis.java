package dev.hubbub.redis;

import dev.hubbub.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** A real Redis on loopback, which a test may stop, start again and empty. */
public final class RealRedis implements AutoCloseable {
    private final int port;
    private final Path folder;
    private RedisServer server;

    private RealRedis(int port, Path folder, RedisServer server) {
        this.port = port;
        this.folder = folder;
        this.server = server;
    }

    /** Starts an empty one on a free port. */
    public static RealRedis start() throws IOException {
        int port = FreePorts.one();
        Path folder = Files.createTempDirectory("hubbub-redis");
        return new RealRedis(port, folder, launch(port, folder));
    }

    private static RedisServer launch(int port, Path folder) throws IOException {
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly yes")
                .setting("appendfsync always")
                .setting("repl-diskless-sync yes")
                .setting("repl-diskless-sync-delay 0")
                .setting("dir " + folder)
                .build();
        server.start();
        return server;
    }

    /** Returns where it is, as the config has it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /**
     * Asks it one command over a connection of its own.
     *
     * @param command words without blanks in them
     * @return the answer as it came
     */
    String ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Makes it a replica, and waits until it has what the other has.
     *
     * <p>From then on its data is in memory only: Redis cannot be stopped while it writes its first file after a sync.
     */
    void follow(RealRedis master) throws IOException {
        String unused = ask("CONFIG SET appendonly no");
        unused = ask("REPLICAOF 127.0.0.1 " + master.port);
        long until = System.nanoTime() + 20_000_000_000L;
        while (!ask("INFO replication").contains("master_link_status:up")) {
            if (System.nanoTime() > until) {
                throw new IOException("the replica did not catch up: " + ask("INFO replication"));
            }
        }
    }

    /** Makes it a master. */
    void promote() throws IOException {
        String unused = ask("REPLICAOF NO ONE");
    }

    /** Stops it; its data stays on disk. */
    public void stop() throws IOException {
        server.stop();
    }

    /** Starts it again with its data. */
    public void startAgain() throws IOException {
        server = launch(port, folder);
    }

    /** Starts it again without its data. */
    public void startEmpty() throws IOException {
        forget();
        server = launch(port, folder);
    }

    /** Returns the file with its data, to copy it or put an older copy back while it is stopped. */
    public Path data() {
        return folder.resolve("appendonly.aof");
    }

    private void forget() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (server.isActive()) {
            server.stop();
        }
        forget();
        Files.delete(folder);
    }
}
