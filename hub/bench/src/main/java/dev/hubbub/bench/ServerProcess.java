package dev.hubbub.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server under test in its own process, pinned to one core; ended when closed and when the benchmark ends. */
final class ServerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 50;
    private static final long STOP_SECONDS = 20;
    private static final int SHOWN_LINES = 20;

    private final Process process;
    private final Thread killer;
    private final int port;
    private final int core;

    private final int opsPort;

    private ServerProcess(Process process, int port, int opsPort, int core) {
        this.process = process;
        this.port = port;
        this.opsPort = opsPort;
        this.core = core;
        this.killer = new Thread(process::destroyForcibly, "end-server");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a server on free loopback ports and waits until it is ready, at most 60 s.
     *
     * @param java the program and its flags
     * @param core the core it is pinned to
     * @param log where its output goes
     * @throws BenchException if it ends or is not ready in time
     */
    static ServerProcess start(Contender contender, List<String> java, int core, Path log)
            throws IOException, InterruptedException {
        int httpPort = freePort();
        int opsPort = freePort();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
        command.addAll(java);
        command.addAll(contender.arguments(httpPort, opsPort));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProcess server = new ServerProcess(process, httpPort, contender.healthPort(httpPort, opsPort), core);
        try {
            server.awaitReady(contender, contender.healthPort(httpPort, opsPort));
            return server;
        } catch (RuntimeException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** Where clients connect. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What the generator reads about it. */
    ServerProbe probe() {
        return new ServerProbe(process.pid(), core);
    }

    /** What the hub tells of itself. */
    HubMetrics metrics() {
        return new HubMetrics(opsPort, process.pid());
    }

    /** Whether it still runs. */
    boolean alive() {
        return process.isAlive();
    }

    private void awaitReady(Contender contender, int healthPort) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(ASK).build();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + "/health/ready"))
                .timeout(ASK)
                .build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers(client, ready)) {
            boolean late = System.nanoTime() > deadline;
            if (late || !process.isAlive()) {
                String what = late ? " was not ready within " + START.toSeconds() + " s" : " ended";
                throw new BenchException("the server " + contender.name() + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The last lines of a server's output. */
    static String tail(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asks it to end, and after 20 s ends it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (!process.isAlive()) {
            Runtime.getRuntime().removeShutdownHook(killer);
        }
    }
}
