package dev.hubbub.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the generator sees what is under test.
 *
 * @param pids its processes; what they have started counts as theirs
 * @param core the core that they are pinned to
 * @param gcLogs where those that are Java virtual machines write what their collectors do
 */
record ServerProbe(List<Long> pids, int core, List<Path> gcLogs) {

    ServerProbe {
        pids = List.copyOf(pids);
        gcLogs = List.copyOf(gcLogs);
    }

    /** One process without a log of collections. */
    ServerProbe(long pid, int core) {
        this(List.of(pid), core, List.of());
    }

    /** Processor time used so far, in microseconds. */
    long micros() {
        return processes().mapToLong(ProcessClock::micros).sum();
    }

    /** Processor time its core gave to all processes so far, in microseconds. */
    long coreMicros() {
        return ProcessClock.coreMicros(core);
    }

    /** Resident memory, in KiB. */
    long residentKib() {
        return processes().mapToLong(ProcessClock::residentKib).sum();
    }

    /** How many pauses each log has so far. */
    List<Integer> pausesSoFar() {
        return gcLogs.stream().map(log -> GcPauses.read(log).count()).toList();
    }

    /** The pauses that came after {@link #pausesSoFar} said so. */
    GcPauses pausesAfter(List<Integer> earlier) {
        GcPauses all = GcPauses.NONE;
        for (int i = 0; i < gcLogs.size(); i++) {
            all = all.plus(GcPauses.read(gcLogs.get(i)).after(earlier.get(i)));
        }
        return all;
    }

    private Stream<Long> processes() {
        return pids.stream()
                .flatMap(pid -> Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid)));
    }
}
