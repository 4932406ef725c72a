package dev.hubbub.gateway;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what nobody expected, at most one line a second; confined to its loop. */
final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);

    private final Clock clock;
    private long nextMillis = Long.MIN_VALUE;
    private long unsaid;

    FaultLog(Clock clock) {
        this.clock = clock;
    }

    /** Logs a failure, or counts it when one was logged within this second. */
    void failed(String what, Throwable cause) {
        long now = clock.millis();
        if (now < nextMillis) {
            unsaid++;
            return;
        }
        LOG.error("{} unsaid={}", what, unsaid, cause);
        nextMillis = now + 1_000;
        unsaid = 0;
    }
}
