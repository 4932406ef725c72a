package dev.hubbub.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A server that is measured: how its process is started on two given ports, seen only from outside. */
sealed interface Contender {

    /** As it is printed. */
    String name();

    /** How it is spoken to. */
    Dialect dialect();

    /** What starts it. */
    Launch launch(Place place) throws IOException;

    /** The same server spoken to in another way. */
    default Contender speaking(BridgeTransport transport) {
        return this;
    }

    /**
     * Where a server is to run.
     *
     * @param java the Java program and its flags, for those that are written in Java
     * @param httpPort where clients connect
     * @param opsPort a second free port
     * @param folder for its files
     */
    record Place(List<String> java, int httpPort, int opsPort, Path folder) {

        /** The same with a file of options, before all others, so that those win; empty for none. */
        Place with(String optionsFile) {
            List<String> words = new ArrayList<>(java);
            if (!optionsFile.isEmpty()) {
                words.add(1, "@" + optionsFile);
            }
            return new Place(words, httpPort, opsPort, folder);
        }

        /** The command of a Java server, with a log of its collections. */
        Launch java(int healthPort, List<String> arguments) {
            Path log = folder.resolve("gc.txt");
            List<String> command = new ArrayList<>(java);
            command.add(GcPauses.FLAG + log);
            command.addAll(arguments);
            return new Launch(command, OptionalInt.of(healthPort), Optional.of(log));
        }
    }

    /**
     * How it is started.
     *
     * @param healthPort where {@code /health/ready} answers; empty where taking a connection is all there is to see
     * @param gcLog where its collections are written, for a Java virtual machine
     */
    record Launch(List<String> command, OptionalInt healthPort, Optional<Path> gcLog) {}

    /**
     * The hub, as it ships: with the options of {@value #OPTIONS} and those of {@value #ARCHIVE}, if these properties
     * name their files, before all others.
     *
     * @param jar the server's runnable jar
     * @param config the config file
     * @param more further arguments
     * @param dialect how it is spoken to
     */
    record Hub(Path jar, Path config, List<String> more, Dialect dialect) implements Contender {
        /** The system property that names the file of options of a node. */
        static final String OPTIONS = "hubbub.jvm.options";
        /** The system property that names the file of options which name an archive of classes. */
        static final String ARCHIVE = "hubbub.jvm.archive";

        /** One node, spoken to in the plain way. */
        Hub(Path jar, Path config) {
            this(jar, config, List.of(), BridgeTransport.PLAIN);
        }

        @Override
        public String name() {
            return "hub";
        }

        @Override
        public Contender speaking(BridgeTransport transport) {
            return new Hub(jar, config, more, transport);
        }

        @Override
        public Launch launch(Place place) {
            List<String> arguments = new ArrayList<>(List.of(
                    "-jar",
                    jar.toString(),
                    "start",
                    "--config",
                    config.toString(),
                    "--set",
                    "http.port=" + place.httpPort(),
                    "--set",
                    "ops.port=" + place.opsPort()));
            arguments.addAll(more);
            return place.with(System.getProperty(ARCHIVE, ""))
                    .with(System.getProperty(OPTIONS, ""))
                    .java(place.opsPort(), arguments);
        }
    }

    /**
     * A server of this module.
     *
     * @param name as it is printed
     * @param main its main class, which takes the port
     * @param dialect how it is spoken to
     */
    record Peer(String name, Class<?> main, Dialect dialect) implements Contender {

        @Override
        public Contender speaking(BridgeTransport transport) {
            return new Peer(name, main, transport);
        }

        @Override
        public Launch launch(Place place) {
            return place.java(
                    place.httpPort(),
                    List.of(
                            "-cp",
                            System.getProperty("java.class.path"),
                            main.getName(),
                            String.valueOf(place.httpPort())));
        }
    }

    /**
     * A program that is not written in Java.
     *
     * @param name as it is printed
     * @param dialect how it is spoken to
     * @param command its words; {@code @port@}, {@code @folder@} and {@code @config@} are filled in
     * @param config its config file among the resources, with the same words; empty for none
     * @param module the file that {@code @module@} stands for
     */
    record Program(String name, Dialect dialect, List<String> command, Optional<String> config, Path module)
            implements Contender {

        @Override
        public Launch launch(Place place) throws IOException {
            Path written = place.folder().resolve("config");
            if (config.isPresent()) {
                Files.writeString(written, filled(resource(config.get()), place, written));
            }
            List<String> words =
                    command.stream().map(word -> filled(word, place, written)).toList();
            return new Launch(words, OptionalInt.empty(), Optional.empty());
        }

        private String filled(String text, Place place, Path written) {
            return text.replace("@port@", String.valueOf(place.httpPort()))
                    .replace("@folder@", place.folder().toString())
                    .replace("@config@", written.toString())
                    .replace("@module@", module.toString());
        }

        private static String resource(String name) throws IOException {
            try (InputStream in = Contender.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new BenchException("the resource " + name + " is missing");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
