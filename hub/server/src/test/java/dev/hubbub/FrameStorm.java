package dev.hubbub;

import dev.hubbub.fuzz.FuzzCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mutated frames against a live node in another process, with a probe beside them: {@code COUNT SEED}.
 *
 * <p>Prints figures and every fault; ends with 1 when there is one.
 */
final class FrameStorm {
    private static final long BLOCKED_MILLIS = 200;
    private static final int ATTACKERS = 16;
    private static final int WARM_UP = 5_000;
    private static final long HEAP_BOUND = 16L << 20;
    private static final long LATE_MILLIS = 3_000;

    private FrameStorm() {}

    /** How many frames are still to be sent, and what came of the others. */
    record Tally(AtomicLong left, AtomicLong connections, AtomicLong refusals) {
        Tally(long count) {
            this(new AtomicLong(count), new AtomicLong(), new AtomicLong());
        }
    }

    /** Runs the storm. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("hubbub-fuzz");
        List<String> faults = run(folder, Long.parseLong(args[0]), Long.parseLong(args[1]), BLOCKED_MILLIS);
        faults.forEach(fault -> System.out.println("FINDING " + fault));
        System.out.println(faults.isEmpty() ? "no finding" : "findings: " + faults.size() + ", log in " + folder);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    /**
     * Sends {@code count} frames and returns what was wrong; empty when nothing was.
     *
     * @param blockedMillis how long an event loop may stand; a machine that has no processor to spare needs longer
     */
    static List<String> run(Path folder, long count, long seed, long blockedMillis)
            throws IOException, InterruptedException {
        List<String> faults = new ArrayList<>();
        try (FuzzedNode node = FuzzedNode.start(folder, blockedMillis);
                Probe probe = new Probe(node.port())) {
            if (attack(node, WARM_UP, seed + 1_000, faults).refusals().get() == 0) {
                faults.add("no frame was refused: the storm is none");
            }
            TestNode.eventually("only the probe is connected", () -> node.connections() == 2);
            long before = node.liveBytes();
            long start = System.nanoTime();
            Tally tally = attack(node, count, seed, faults);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            TestNode.eventually("only the probe is connected", () -> node.connections() == 2);
            long grown = node.liveBytes() - before;
            faults.addAll(probe.judge(LATE_MILLIS));
            faults.addAll(node.faults());
            if (grown > HEAP_BOUND) {
                faults.add("the heap grew by " + grown + " bytes");
            }
            System.out.printf(
                    "frames %,d  seed %d  connections %,d  in %,d ms  refusals %,d  heap before %,d, grown %,d bytes"
                            + "  probe heard %,d  faults %d%n",
                    count,
                    seed,
                    tally.connections().get(),
                    millis,
                    tally.refusals().get(),
                    before,
                    grown,
                    probe.heard(),
                    faults.size());
        }
        return faults;
    }

    private static Tally attack(FuzzedNode node, long count, long seed, List<String> faults)
            throws InterruptedException {
        Tally tally = new Tally(count);
        List<byte[]> corpus = new ArrayList<>(FuzzCorpus.of("frames"));
        corpus.addAll(FuzzCorpus.of("framing"));
        ExecutorService threads = Executors.newFixedThreadPool(ATTACKERS);
        List<Future<?>> attackers = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            attackers.add(threads.submit(new FrameAttacker(node.port(), seed + i, corpus, tally)));
        }
        threads.shutdown();
        for (Future<?> attacker : attackers) {
            try {
                attacker.get();
            } catch (ExecutionException e) {
                faults.add("an attacker was not answered: " + e.getCause());
            }
        }
        return tally;
    }
}
