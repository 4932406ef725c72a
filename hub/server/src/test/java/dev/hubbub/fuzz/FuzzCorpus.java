package dev.hubbub.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The kept inputs: good ones to start from, and every one that was ever a finding. */
public final class FuzzCorpus {
    private static final Path FOLDER = Path.of("src/test/resources/fuzz");

    private FuzzCorpus() {}

    /** Returns the inputs kept for a parser; fails when there are none. */
    public static List<byte[]> of(String parser) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(parser))) {
            List<byte[]> inputs = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
            if (inputs.isEmpty()) {
                throw new IllegalStateException("no corpus for " + parser);
            }
            return inputs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps an input under a name made of its content; returns where. */
    public static Path keep(String parser, byte[] input) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(input);
        return Files.write(FOLDER.resolve(parser).resolve("finding-" + Long.toHexString(sum.getValue())), input);
    }
}
