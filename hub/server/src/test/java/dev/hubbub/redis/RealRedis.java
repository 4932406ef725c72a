package dev.hubbub.redis;

import dev.hubbub.FreePorts;
import java.io.IOException;
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
                .setting("dir " + folder)
                .build();
        server.start();
        return server;
    }

    /** Returns where it is, as the config has it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
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
