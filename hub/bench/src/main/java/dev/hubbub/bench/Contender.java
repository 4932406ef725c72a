package dev.hubbub.bench;

import java.nio.file.Path;
import java.util.List;

/** A server that is measured: how its process is started on two given ports, seen only from outside. */
sealed interface Contender {

    /** As it is printed. */
    String name();

    /** What follows {@code java FLAGS} on the command line. */
    List<String> arguments(int httpPort, int opsPort);

    /** The port at which {@code /health/ready} answers. */
    int healthPort(int httpPort, int opsPort);

    /**
     * The hub, as it ships.
     *
     * @param jar the server's runnable jar
     * @param config the config file
     */
    record Hub(Path jar, Path config) implements Contender {
        @Override
        public String name() {
            return "hub";
        }

        @Override
        public List<String> arguments(int httpPort, int opsPort) {
            return List.of(
                    "-jar",
                    jar.toString(),
                    "start",
                    "--config",
                    config.toString(),
                    "--set",
                    "http.port=" + httpPort,
                    "--set",
                    "ops.port=" + opsPort);
        }

        @Override
        public int healthPort(int httpPort, int opsPort) {
            return opsPort;
        }
    }

    /**
     * A server of this module.
     *
     * @param name as it is printed
     * @param main its main class, which takes the port
     */
    record Peer(String name, Class<?> main) implements Contender {
        @Override
        public List<String> arguments(int httpPort, int opsPort) {
            return List.of("-cp", System.getProperty("java.class.path"), main.getName(), String.valueOf(httpPort));
        }

        @Override
        public int healthPort(int httpPort, int opsPort) {
            return httpPort;
        }
    }
}
