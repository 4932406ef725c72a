package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reads of one address's log by the subscribers of one event loop, wherever each of them stands.
 *
 * <p>One read is under way at a time. It begins at the lowest place that somebody waits at and serves everybody whose
 * place lies within what it brings; the next one goes on from there, upwards, and then from the lowest place again. So
 * a thousand subscribers that come back to different places cost about as many reads as one that was away longest.
 * Holds one entry for each place that somebody waits at, so it is bounded by the members. Confined to its loop.
 */
final class SharedReads {

    /** Asks the log. */
    @FunctionalInterface
    interface Log {
        /** Reads, when its turn has come, and then calls {@code then} once. */
        void read(ReadFrom.After from, Handler<AsyncResult<ReadResult>> then);
    }

    private final Log log;
    private Map<Position, List<Handler<AsyncResult<ReadResult>>>> waiting = new LinkedHashMap<>();
    private boolean underWay;
    private long mark;

    SharedReads(Log log) {
        this.log = log;
    }

    /** Reads what came after a place; the answer may begin anew with other reads. */
    void after(Position place, Handler<AsyncResult<ReadResult>> then) {
        waiting.computeIfAbsent(place, p -> new ArrayList<>(2)).add(then);
        next();
    }

    private void next() {
        if (underWay || waiting.isEmpty()) {
            return;
        }
        underWay = true;
        Position from = choose();
        log.read(new ReadFrom.After(from), result -> {
            try {
                answer(from, result);
            } finally {
                underWay = false;
                next();
            }
        });
    }

    /** The lowest place that is not below the last read's end; if there is none, the lowest of all. */
    private Position choose() {
        Optional<Position> lowest = Optional.empty();
        Optional<Position> ahead = Optional.empty();
        for (Position place : waiting.keySet()) {
            lowest = lower(lowest, place);
            if (place.offset() >= mark) {
                ahead = lower(ahead, place);
            }
        }
        return ahead.isPresent() ? ahead.get() : lowest.orElseThrow();
    }

    private static Optional<Position> lower(Optional<Position> known, Position place) {
        return known.filter(other -> other.offset() <= place.offset()).or(() -> Optional.of(place));
    }

    private void answer(Position from, AsyncResult<ReadResult> result) {
        if (result.failed()) {
            // The others would fail alike, one after the other; all of them try again in a while.
            Map<Position, List<Handler<AsyncResult<ReadResult>>>> all = waiting;
            waiting = new LinkedHashMap<>();
            all.values().forEach(handlers -> handlers.forEach(handler -> handler.handle(result)));
            return;
        }
        List<Runnable> answers = new ArrayList<>();
        Optional.ofNullable(waiting.remove(from)).ifPresent(asked -> collect(answers, asked, result.result()));
        mark = from.offset() + 1;
        if (result.result() instanceof ReadResult.Events read && !read.events().isEmpty()) {
            mark = placeOf(read.events().get(read.events().size() - 1)).offset();
            collectWithin(answers, read);
        }
        answers.forEach(Runnable::run);
    }

    private void collectWithin(List<Runnable> answers, ReadResult.Events read) {
        List<EventFrame> events = read.events();
        long first = placeOf(events.get(0)).offset();
        Iterator<Map.Entry<Position, List<Handler<AsyncResult<ReadResult>>>>> all =
                waiting.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Position, List<Handler<AsyncResult<ReadResult>>>> entry = all.next();
            long index = entry.getKey().offset() - first;
            boolean inside = index >= 0 && index < events.size() - (read.more() ? 1 : 0);
            // The very place: an equal offset of another term is another event, and only the owner can judge it.
            if (inside && placeOf(events.get((int) index)).equals(entry.getKey())) {
                all.remove();
                List<EventFrame> rest = events.subList((int) index + 1, events.size());
                collect(answers, entry.getValue(), new ReadResult.Events(rest, read.position(), read.more()));
            }
        }
    }

    private static void collect(
            List<Runnable> answers, List<Handler<AsyncResult<ReadResult>>> handlers, ReadResult result) {
        handlers.forEach(handler -> answers.add(() -> handler.handle(Future.succeededFuture(result))));
    }

    private static Position placeOf(EventFrame event) {
        return event.position().orElseThrow();
    }
}
