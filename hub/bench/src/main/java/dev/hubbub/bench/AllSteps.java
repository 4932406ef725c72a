package dev.hubbub.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The steps of a whole run and how long each measures, so that all of them fit the time; pure.
 *
 * <p>Servers are measured in turn: everyone once; then, when they are warm, the best of them twice.
 *
 * @param seconds for all of it
 * @param java the JDK of the servers
 * @param newer a newer JDK for the hub besides; empty for none
 */
record AllSteps(double seconds, String java, String newer) {
    /** What the figures of {@link #steps} add up to with every peer and nothing scaled. */
    static final double UNSCALED_SECONDS = 2_730;

    private static final String NEW_FLAGS = "-XX:+UseCompactObjectHeaders";
    private static final int PEERS = 9;
    private static final int WARMING = 12;
    private static final double MARGIN = 2.5;

    /**
     * One step.
     *
     * @param name as it is printed, and the name of its files
     * @param arguments of the command line
     * @param most how long it may take before it is ended
     * @param peers whether it wants to know where the peers are
     */
    record Step(String name, List<String> arguments, Duration most, boolean peers) {}

    /** Everything, the most important first. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(step("hot", true, WARMING + (PEERS + 1) * 21, fanout("hot", "all", 1, 10, 8)));
        steps.add(step("saturation", true, WARMING + (PEERS + 1) * 15, fanout("saturation", "all", 1, 6, 6)));
        // The best of them again, when nothing is left to compile.
        steps.add(step("hot-warm", true, WARMING + 2 * 3 * 62, fanout("hot", "uws-bun,floor-each", 2, 45, 12)));
        List<String> polling = new ArrayList<>(fanout("hot", "uws-bun,floor-each", 2, 30, 10));
        polling.add("--polls");
        steps.add(step("hot-polls", true, WARMING + 2 * 3 * 45, polling));
        steps.add(step(
                "saturation-warm",
                true,
                WARMING + 2 * 4 * 26,
                fanout("saturation", "uws-bun,floor-turn,nats", 2, 15, 8)));
        steps.add(step("idle", true, (PEERS + 2) * 30, idle()));
        steps.add(step(
                "nodes",
                false,
                250,
                List.of("nodes", "--rounds", "1", "--warm-up", time(100), "--measure", time(12), "--java", java)));
        steps.add(step("ack", false, 120, List.of("ack", "--warm-up", time(12), "--measure", time(5), "--java", java)));
        steps.add(step("many", true, WARMING + (PEERS + 1) * 40, fanout("many", "all", 1, 25, 8)));
        steps.add(step("startup", false, 45, List.of("startup", "--rounds", "3", "--java", java)));
        if (!newer.isEmpty()) {
            steps.add(step("startup-newer", false, 45, List.of("startup", "--rounds", "3", "--java", newer)));
            List<String> fanout = new ArrayList<>(fanout("hot,saturation", "uws-bun,floor-each", 1, 10, 8));
            fanout.set(fanout.indexOf("--java") + 1, newer);
            fanout.addAll(List.of("--jvm-flags", "-Xms1g -Xmx1g " + NEW_FLAGS));
            steps.add(step("fanout-newer", true, 2 * WARMING + 100, fanout));
        }
        steps.add(step("connect", false, 40, List.of("connect", "--java", java)));
        steps.add(step("presence", false, 35, List.of("presence", "--measure", time(10), "--java", java)));
        steps.add(step("storm", false, 60, List.of("storm")));
        return steps;
    }

    private List<String> fanout(String scenario, String peers, int rounds, int warmUp, int measure) {
        return List.of(
                "compare",
                "--scenario",
                scenario,
                "--peer",
                peers,
                "--rounds",
                String.valueOf(rounds),
                "--warm-up",
                time(warmUp),
                "--measure",
                time(measure),
                "--java",
                java);
    }

    private List<String> idle() {
        List<String> words = new ArrayList<>(List.of("idle", "--peer", "all", "--rest", time(8)));
        String javas = Stream.of(newer, java)
                .filter(one -> !one.isEmpty())
                .reduce((a, b) -> a + "," + b)
                .orElse(java);
        words.addAll(List.of("--java", javas, "--flags-25", NEW_FLAGS));
        return words;
    }

    private Step step(String name, boolean peers, int expectedSeconds, List<String> arguments) {
        return new Step(name, arguments, Duration.ofSeconds((long) (expectedSeconds * MARGIN)), peers);
    }

    /** A time of a step, longer or shorter as the whole is. */
    private String time(int unscaled) {
        double scale = Math.min(4, Math.max(0.4, seconds / UNSCALED_SECONDS));
        return String.valueOf(Math.max(1, Math.round(unscaled * scale)));
    }
}
