package dev.hubbub.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers that the hub is measured against, and whether they are here.
 *
 * @param folder where {@code scripts/bench} has put what it installs and builds
 */
record Peers(Path folder) {

    /** All names, in the order in which they are measured. */
    static final List<String> NAMES = List.of(
            "stock",
            "socket.io",
            "ws",
            "uws-bun",
            "uws-node",
            "nchan",
            "nats",
            "floor-each",
            "floor-turn",
            "floor-java");

    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_nchan_module.so"));
    private static final String PEERS = "install it with: scripts/bench peers";

    /**
     * Finds a peer.
     *
     * @throws BenchException if there is no such peer, or it is not on this machine; it says how to get it
     */
    Contender named(String name) {
        return switch (name) {
            case "stock" -> new Contender.Peer(name, StockBridge.class, BridgeTransport.PLAIN);
            case "floor-java" -> new Contender.Peer(name, FloorServer.class, BridgeTransport.PLAIN);
            case "socket.io" -> node(name, "socketio.js", PeerDialect.SOCKET_IO);
            case "ws" -> node(name, "ws.js", PeerDialect.RAW);
            case "uws-node" -> node(name, "uws.js", PeerDialect.RAW);
            case "uws-bun" ->
                program(
                        name,
                        PeerDialect.RAW,
                        List.of(
                                here("node_modules/@oven/bun-linux-x64/bin/bun", PEERS)
                                        .toString(),
                                here("bun.js", PEERS).toString(),
                                "@port@"));
            case "floor-each", "floor-turn" ->
                program(
                        name,
                        PeerDialect.RAW,
                        List.of(
                                here("floor", "it needs gcc; then: scripts/bench peers")
                                        .toString(),
                                "@port@",
                                name.substring("floor-".length())));
            case "nats" ->
                configured(
                        name,
                        PeerDialect.NATS,
                        List.of(onPath("nats-server", "nats-server").toString(), "-c", "@config@"),
                        "/peers/nats.conf",
                        Path.of(""));
            case "nchan" ->
                configured(
                        name,
                        PeerDialect.NCHAN,
                        List.of(
                                onPath("nginx", "nginx libnginx-mod-nchan").toString(),
                                "-p",
                                "@folder@",
                                "-c",
                                "@config@"),
                        "/peers/nchan.conf",
                        MODULES.stream()
                                .filter(Files::exists)
                                .findFirst()
                                .orElseThrow(() -> missing("libnginx-mod-nchan")));
            default -> throw new BenchException("there is no peer " + name + ", only " + String.join(", ", NAMES));
        };
    }

    /** A Redis that keeps what it is given and writes it to its disk once a second, as it comes. */
    static Contender redis() {
        String program = onPath("redis-server", "redis-server").toString();
        List<String> command = List.of(
                program,
                "--bind",
                "127.0.0.1",
                "--port",
                "@port@",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--dir",
                "@folder@");
        return program("redis", PeerDialect.RAW, command);
    }

    /** The names behind a word of the command line: {@code all} stands for those that are no tools of the generator. */
    static Stream<String> expand(String word) {
        return word.equals("all") ? NAMES.stream().filter(name -> !name.equals("floor-java")) : Stream.of(word);
    }

    private Contender node(String name, String script, Dialect dialect) {
        Path modules = here("node_modules", PEERS);
        String program = onPath("node", "nodejs").toString();
        return program(
                name, dialect, List.of(program, modules.resolveSibling(script).toString(), "@port@"));
    }

    private static Contender program(String name, Dialect dialect, List<String> command) {
        return new Contender.Program(name, dialect, command, Optional.empty(), Path.of(""));
    }

    private static Contender configured(
            String name, Dialect dialect, List<String> command, String config, Path module) {
        return new Contender.Program(name, dialect, command, Optional.of(config), module);
    }

    private Path here(String file, String otherwise) {
        Path path = folder.resolve(file);
        if (!Files.exists(path)) {
            throw new BenchException(path + " is missing: " + otherwise);
        }
        return path;
    }

    private static Path onPath(String program, String packages) {
        List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":", -1)));
        folders.add("/usr/sbin");
        return folders.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(packages));
    }

    private static BenchException missing(String packages) {
        return new BenchException("not on this machine; install it with: apt-get install " + packages);
    }
}
