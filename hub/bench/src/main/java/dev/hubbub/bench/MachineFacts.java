package dev.hubbub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were taken on. */
final class MachineFacts {

    private MachineFacts() {}

    /** Cores, processor, memory and kernel in a line. */
    static String heading() throws IOException {
        String model = first(Path.of("/proc/cpuinfo"), "model name");
        String memory = first(Path.of("/proc/meminfo"), "MemTotal");
        String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        return "%s, %s of memory, Linux %s".formatted(model, memory, kernel);
    }

    private static String first(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
