package dev.hubbub.bench;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A server under test in its own process, pinned to one core; ended when closed and when the benchmark ends. */
final class ServerProcess implements AutoCloseable {

    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 50;
    private static final long STOP_SECONDS = 20;
    private static final int SHOWN_LINES = 20;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_TRIES = 100;

    private final Process process;
    private final Thread killer;
    private final Contender contender;
    private final Contender.Place place;
    private final Contender.Launch launch;
    private final int core;

    private ServerProcess(
            Process process, Contender contender, Contender.Place place, Contender.Launch launch, int core) {
        this.process = process;
        this.contender = contender;
        this.place = place;
        this.launch = launch;
        this.core = core;
        this.killer = new Thread(this::kill, "end-server");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a server on free loopback ports and waits until it is ready, at most 60 s.
     *
     * @param java the program and its flags
     * @param core the core it is pinned to; negative for all that there are
     * @param log where its output goes; its other files lie beside it
     * @throws BenchException if it ends or is not ready in time
     */
    static ServerProcess start(Contender contender, List<String> java, int core, Path log)
            throws IOException, InterruptedException {
        ServerProcess server = begin(contender, java, core, log);
        try {
            server.awaitReady();
            return server;
        } catch (RuntimeException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** Starts a server on free loopback ports and does not wait for it. */
    static ServerProcess begin(Contender contender, List<String> java, int core, Path log) throws IOException {
        Path folder = Files.createDirectories(log.resolveSibling(log.getFileName() + ".d"));
        return begin(contender, new Contender.Place(java, freePort(), freePort(), folder), core, log);
    }

    /** The same in a given place. */
    static ServerProcess begin(Contender contender, Contender.Place place, int core, Path log) throws IOException {
        Contender.Launch launch = contender.launch(place);
        // The generator is pinned itself, and what it starts would be, too.
        String cores =
                core >= 0 ? String.valueOf(core) : Files.readString(ONLINE).strip();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
        command.addAll(launch.command());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(process, contender, place, launch, core);
    }

    /** What a generator sees of this server alone. */
    Target target() {
        return new Target(List.of(address()), contender.dialect(), probe());
    }

    /** Where clients connect. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), place.httpPort());
    }

    /** What the generator reads about it. */
    ServerProbe probe() {
        return new ServerProbe(
                List.of(process.pid()),
                Math.max(0, core),
                launch.gcLog().stream().toList());
    }

    /** What the hub tells of itself. */
    HubMetrics metrics() {
        return new HubMetrics(place.opsPort(), process.pid());
    }

    /** Whether it still runs. */
    boolean alive() {
        return process.isAlive();
    }

    /** Its process. */
    long pid() {
        return process.pid();
    }

    /** Waits until it is ready, at most 60 s. */
    void awaitReady() throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(ASK).build();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady(client)) {
            boolean late = System.nanoTime() > deadline;
            if (late || !process.isAlive()) {
                String what = late ? " was not ready within " + START.toSeconds() + " s" : " ended";
                throw new BenchException("the server " + contender.name() + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean isReady(HttpClient client) throws InterruptedException {
        if (launch.healthPort().isEmpty()) {
            try (Socket socket = new Socket()) {
                socket.connect(address(), (int) ASK.toMillis());
                return true;
            } catch (IOException notYet) {
                return false;
            }
        }
        return answers(
                client,
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + launch.healthPort().getAsInt() + "/health/ready"))
                        .timeout(ASK)
                        .build());
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

    /**
     * A port of loopback that nobody has at the moment, below those that Linux gives to outgoing connections: one of
     * those could take it before the server does.
     */
    static int freePort() throws IOException {
        IOException last = null;
        for (int tries = 0; tries < PORT_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                last = taken;
            }
        }
        throw new IOException("no free port among " + PORT_TRIES + " from " + FIRST_PORT + " on", last);
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Asks it to end, and after 20 s ends it and what it has started. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        if (!process.isAlive()) {
            Runtime.getRuntime().removeShutdownHook(killer);
        }
    }
}
