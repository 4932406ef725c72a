package dev.hubbub.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a running hub tells of itself, and its JVM of its heap.
 *
 * @param opsPort where {@code /metrics} is
 * @param pid its process
 */
record HubMetrics(int opsPort, long pid) {
    private static final Duration ASK = Duration.ofSeconds(20);
    private static final long BYTES_PER_KIB = 1024;

    /** Returns the sum of the samples whose line begins so; 0 when there is none. */
    double sum(String begin) throws IOException, InterruptedException {
        HttpRequest ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + "/metrics"))
                .timeout(ASK)
                .build();
        String text = HttpClient.newHttpClient()
                .send(ask, HttpResponse.BodyHandlers.ofString())
                .body();
        return text.lines()
                .filter(line -> line.startsWith(begin + " ") || line.startsWith(begin + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Collects garbage and returns how much of the heap is in use then, in bytes. */
    long heapBytes() throws IOException, InterruptedException {
        String collected = run("jcmd", String.valueOf(pid), "GC.run");
        if (!collected.contains("successfully")) {
            throw new BenchException("no collection: " + collected);
        }
        List<String> lines = run("jstat", "-gc", String.valueOf(pid)).lines().toList();
        List<String> names = Arrays.asList(lines.get(0).strip().split(" +", -1));
        String[] values = lines.get(1).strip().split(" +", -1);
        double kib = 0;
        for (String used : List.of("S0U", "S1U", "EU", "OU")) {
            kib += Double.parseDouble(values[names.indexOf(used)]);
        }
        return (long) (kib * BYTES_PER_KIB);
    }

    /** What lies on the heap, class by class. */
    String histogram() throws IOException, InterruptedException {
        return run("jcmd", String.valueOf(pid), "GC.class_histogram");
    }

    /** What its virtual machine has taken beside the heap, if it was told to keep count of that. */
    String nativeMemory() throws IOException, InterruptedException {
        return run("jcmd", String.valueOf(pid), "VM.native_memory", "summary");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new BenchException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }
}
