package dev.hubbub.bench;

/**
 * What a server took of its core over some time.
 *
 * @param seconds how long
 * @param micros its processor time
 * @param foreignMicros processor time of its core that went to other processes
 */
record Usage(double seconds, long micros, long foreignMicros) {
    private static final double MICROS = 1e6;

    /** Reads the clocks at the beginning. */
    static Watch begin(ServerProbe probe) {
        return new Watch(probe, System.nanoTime(), probe.micros(), probe.coreMicros());
    }

    /** The server's share of its core, 0 to 1. */
    double core() {
        return micros / MICROS / seconds;
    }

    /** The others' share of its core. */
    double foreign() {
        return foreignMicros / MICROS / seconds;
    }

    /** Clocks that were read. */
    record Watch(ServerProbe probe, long nanos, long micros, long coreMicros) {

        /** Reads them again. */
        Usage end() {
            long used = probe.micros() - micros;
            long all = probe.coreMicros() - coreMicros;
            return new Usage((System.nanoTime() - nanos) / 1e9, used, Math.max(0, all - used));
        }
    }
}
