package dev.hubbub.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the servers run on: the JVM chooses its collector by the cores it sees, so it is asked under the same pinning.
 *
 * @param version such as {@code 17.0.15}
 * @param collector such as {@code Serial}
 */
record JvmFacts(String version, String collector) {

    private static final Pattern VERSION = Pattern.compile("version \"([^\"]+)\"");
    private static final Pattern COLLECTOR =
            Pattern.compile("bool Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC +=\\s+true");
    private static final long ASK_SECONDS = 30;

    /**
     * Asks a Java program.
     *
     * @throws BenchException if it does not run
     */
    static JvmFacts of(List<String> java, int core) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
        command.addAll(java);
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(ASK_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new BenchException(String.join(" ", command) + " failed:\n" + said);
            }
            return parse(said);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The number of its feature release, such as 17; 0 when it is unknown. */
    int feature() {
        String digits = version.replaceAll("[^0-9].*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    static JvmFacts parse(String said) {
        return new JvmFacts(first(VERSION, said), first(COLLECTOR, said));
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "unknown";
    }
}
