package dev.hubbub.bench;

/**
 * How the generator sees the process under test.
 *
 * @param pid its process
 * @param core the core it is pinned to
 */
record ServerProbe(long pid, int core) {

    /** Processor time used so far, in microseconds. */
    long micros() {
        return ProcessClock.micros(pid);
    }

    /** Processor time its core gave to all processes so far, in microseconds. */
    long coreMicros() {
        return ProcessClock.coreMicros(core);
    }

    /** Resident memory, in KiB. */
    long residentKib() {
        return ProcessClock.residentKib(pid);
    }
}
