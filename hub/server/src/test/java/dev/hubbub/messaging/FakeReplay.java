package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Replay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One address's log as a plain list, whose answers come when the test says so. */
final class FakeReplay implements Replay {
    static final Address ADDRESS = new Address("room:1");

    final List<EventFrame> log = new ArrayList<>();
    final Deque<Runnable> answers = new ArrayDeque<>();
    final List<Append> appended = new ArrayList<>();
    String epoch = "E1";
    long firstKept = 1;
    boolean answerAtOnce = true;
    boolean unavailable;
    boolean readsFail;
    int attaches;
    int detaches;
    int reads;

    static EventFrame event(String epoch, long offset, String key) {
        Buffer json = Buffer.buffer("{\"n\":" + offset + ",\"k\":\"" + key + "\"}");
        EventContent content = new EventContent(
                "id" + offset, Optional.of("t"), key, Optional.of(key), EventContent.NO_VERSION, 0, 0, json);
        return new EventFrame(ADDRESS, Optional.of(new Position(epoch, "1-a", offset)), content, Optional.empty());
    }

    /** Adds an event whose delivery the test has no use for. */
    void keep(String key) {
        log.add(event(epoch, log.size() + 1, key));
    }

    /** Adds an event to the log and returns it for delivery. */
    EventFrame add(String key) {
        EventFrame event = event(epoch, log.size() + 1, key);
        log.add(event);
        return event;
    }

    void newEpoch(String name) {
        epoch = name;
        log.clear();
        firstKept = 1;
    }

    Position head() {
        return new Position(epoch, "1-a", log.size());
    }

    void answerAll() {
        while (!answers.isEmpty()) {
            answers.pop().run();
        }
    }

    private <T> Future<T> later(java.util.function.Supplier<Future<T>> answer) {
        if (answerAtOnce) {
            return answer.get();
        }
        Promise<T> promise = Promise.promise();
        answers.add(() -> answer.get().onComplete(promise));
        return promise.future();
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events) {
        appended.addAll(events);
        List<AppendResult> results = new ArrayList<>();
        for (Append event : events) {
            results.add(new AppendResult.Appended(event.content().id(), Optional.of(head()), false));
        }
        return Future.succeededFuture(results);
    }

    @Override
    public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
        attaches++;
        return later(() -> {
            if (unavailable) {
                return Future.failedFuture("the owner is away");
            }
            Map<String, EventFrame> current = new LinkedHashMap<>();
            if (policy.kind() == DeliveryKind.LATEST) {
                for (EventFrame event : log) {
                    current.remove(event.content().conflationKey());
                    current.put(event.content().conflationKey(), event);
                }
            }
            return Future.succeededFuture(new Attached(head(), new ArrayList<>(current.values())));
        });
    }

    @Override
    public Future<Void> detach(Address address, String inbox) {
        detaches++;
        return Future.succeededFuture();
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
        reads++;
        return later(() ->
                readsFail ? Future.failedFuture("the owner is away") : Future.succeededFuture(read(from, maxEvents)));
    }

    private ReadResult read(ReadFrom from, int maxEvents) {
        long after = firstKept - 1;
        if (from instanceof ReadFrom.Recent recent) {
            after = Math.max(after, log.size() - recent.count());
        } else if (from instanceof ReadFrom.After position) {
            after = position.position().offset();
            if (!position.position().epoch().equals(epoch)) {
                return new ReadResult.Lost(ReadResult.Reason.EPOCH, head());
            }
            if (after > log.size()) {
                return new ReadResult.Lost(ReadResult.Reason.DIVERGED, head());
            }
            if (after + 1 < firstKept) {
                return new ReadResult.Lost(ReadResult.Reason.RETENTION, head());
            }
        }
        int end = (int) Math.min(log.size(), after + maxEvents);
        List<EventFrame> found = log.subList((int) after, end);
        return new ReadResult.Events(found, new Position(epoch, "1-a", end), end < log.size());
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return Future.succeededFuture(List.of());
    }
}
