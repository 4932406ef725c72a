package dev.hubbub.demo;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a back end has done and the hub has yet to be told: one event after the other, each until the hub has it.
 *
 * <p>A change of the state and its event go together: the event is here from the moment that the state has changed, and
 * leaves when it is safe. A hub that is away is waited for, however long; the event's id makes that one event. One that
 * the hub refuses for good is told in the log and dropped, for nothing behind it would ever leave. At most
 * {@value #MOST} wait: ask {@link #admit} before a change. Used from one event loop; it ends with the process.
 */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final int MOST = 1_000;
    private static final int MOST_POSITIONS = 2_000;
    private static final long PAUSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final DemoHub hub;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Map<String, Entry> pending = new HashMap<>();
    private final Map<String, String> positions = Recent.map(MOST_POSITIONS);
    private boolean sending;

    private record Entry(String address, JsonObject event, Promise<JsonObject> told) {
        String id() {
            return event.getString("id");
        }
    }

    /** Creates an empty one. */
    public Outbox(Vertx vertx, DemoHub hub) {
        this.vertx = vertx;
        this.hub = hub;
    }

    /** Fails with 503 when too much waits for the hub already; nothing has changed then. */
    public void admit() {
        if (waiting.size() >= MOST) {
            throw new DemoException(503, "unavailable", "the hub is away; send the same again in a moment");
        }
    }

    /**
     * Adds an event, which has an id of its own.
     *
     * @return where it is, once it is safe; fails when the hub refuses it for good
     */
    public Future<JsonObject> add(String address, JsonObject event) {
        Entry entry = new Entry(address, event, Promise.promise());
        waiting.addLast(entry);
        pending.put(entry.id(), entry);
        if (!sending) {
            sending = true;
            sendAll();
        }
        return entry.told().future();
    }

    /** Returns when an event with this id is safe: at once for one that does not wait here any more. */
    public Future<Void> told(String id) {
        Entry waits = pending.get(id);
        return waits == null ? Future.succeededFuture() : waits.told().future().mapEmpty();
    }

    /** Returns the position of the newest event that is safe at an address: the state has all that led to it. */
    public Optional<String> position(String address) {
        return Optional.ofNullable(positions.get(address));
    }

    private void sendAll() {
        Entry first = waiting.peekFirst();
        if (first == null) {
            sending = false;
            return;
        }
        hub.publish(first.address(), first.event())
                .transform(published -> settle(first, published))
                .onComplete(ready -> sendAll());
    }

    /** Returns when the next one may be tried: now, or after a pause the same again. */
    private Future<Void> settle(Entry first, AsyncResult<JsonObject> published) {
        if (published.failed() && DemoHub.isPassing(published.cause())) {
            log.info("hub is away waiting={}", waiting.size());
            return vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).mapEmpty();
        }
        waiting.removeFirst();
        pending.remove(first.id());
        if (published.succeeded()) {
            positions.put(first.address(), published.result().getString("position"));
            first.told().complete(published.result());
        } else {
            log.error("hub refuses an event address={} id={}", first.address(), first.id(), published.cause());
            first.told().fail(published.cause());
        }
        return Future.succeededFuture();
    }
}
