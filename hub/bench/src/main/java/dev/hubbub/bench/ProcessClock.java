package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads from {@code /proc} how much processor time has been used; Linux only, in steps of 10 ms. */
final class ProcessClock {

    private static final Path PROC = Path.of("/proc");
    private static final long MICROS_PER_TICK = 10_000;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int USER = 1;
    private static final int SYSTEM = 3;

    private ProcessClock() {}

    /** User and system time of a process with all its threads, in microseconds. */
    static long micros(long pid) {
        return parseProcess(read(PROC.resolve(pid + "/stat")));
    }

    /** Time a core spent in processes, in microseconds. */
    static long coreMicros(int core) {
        return parseCore(read(PROC.resolve("stat")), core);
    }

    /** Resident memory of a process, in KiB. */
    static long residentKib(long pid) {
        return read(PROC.resolve(pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** The name of the program stands in brackets and may hold spaces and brackets itself. */
    static long parseProcess(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MICROS_PER_TICK;
    }

    static long parseCore(String stat, int core) {
        List<String> fields = stat.lines()
                .filter(line -> line.startsWith("cpu" + core + " "))
                .findFirst()
                .map(line -> Arrays.asList(line.split(" +", -1)))
                .orElseThrow(() -> new BenchException("there is no core " + core + " here"));
        long busy = 0;
        for (int i = USER; i <= SYSTEM; i++) {
            busy += Long.parseLong(fields.get(i));
        }
        return busy * MICROS_PER_TICK;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
