package dev.hubbub.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.event.KeyValuePair;

/**
 * Writes lines to the console and counts those that repeat: {@code … (repeated 57 times in 10 s)}.
 *
 * <p>Whoever can make the hub say something often, a client with bad frames or a node that does not answer, must not be
 * able to fill its disk or to hide what else is said. Lines that follow an event are all said. Safe from every thread;
 * made by {@code logback.xml}.
 */
public final class CountedLines extends ConsoleAppender<ILoggingEvent> {
    private static final long LOOK_MILLIS = 1_000;

    private final Clock clock = Clock.systemUTC();
    private final ReentrantLock lock = new ReentrantLock();
    private final RepeatedLines<ILoggingEvent> repeated = new RepeatedLines<>();
    private boolean looking;

    @Override
    protected void append(ILoggingEvent line) {
        if (line.getLoggerName().equals(EventTrail.LOGGER) || isNew(line)) {
            super.append(line);
        }
    }

    private boolean isNew(ILoggingEvent line) {
        String kind = line.getLevel() + line.getLoggerName() + line.getMessage();
        String text = line.getLevel() + line.getLoggerName() + line.getFormattedMessage();
        lock.lock();
        try {
            lookLater();
            return repeated.take(kind, text, line, clock.millis());
        } finally {
            lock.unlock();
        }
    }

    private void lookLater() {
        if (!looking && getContext() != null) {
            looking = true;
            var unused =
                    getContext().getScheduledExecutorService().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        List<RepeatedLines.Repeats<ILoggingEvent>> over = new ArrayList<>();
        lock.lock();
        try {
            looking = false;
            over.addAll(repeated.ended(clock.millis(), false));
            if (!repeated.isEmpty()) {
                lookLater();
            }
        } finally {
            lock.unlock();
        }
        over.forEach(repeats -> super.append(summary(repeats)));
    }

    /** What was not said before the log ends is told now. */
    @Override
    public void stop() {
        if (isStarted()) {
            lock.lock();
            try {
                repeated.ended(clock.millis(), true).forEach(repeats -> super.append(summary(repeats)));
            } finally {
                lock.unlock();
            }
        }
        super.stop();
    }

    private ILoggingEvent summary(RepeatedLines.Repeats<ILoggingEvent> repeats) {
        ILoggingEvent last = repeats.last();
        LoggingEvent line = new LoggingEvent(
                CountedLines.class.getName(),
                ((LoggerContext) getContext()).getLogger(last.getLoggerName()),
                last.getLevel(),
                repeats.same() ? "{} (repeated {} times in {} s)" : "{} (and {} more of this kind in {} s)",
                null,
                new Object[] {
                    last.getFormattedMessage(),
                    repeats.times(),
                    Math.round(repeats.millis() / (double) TimeUnit.SECONDS.toMillis(1))
                });
        line.addKeyValuePair(new KeyValuePair("repeated", repeats.times()));
        return line;
    }
}
