package dev.hubbub.presence;

import dev.hubbub.bus.ServiceCalls;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service that a rule names who has joined and who has left, one after the other.
 *
 * <p>A notice is sent once, and at most {@value #MOST_WAITING} wait for one service; those beyond are lost, counted and
 * logged. When an address moves while somebody is away, nobody tells that leave. Confined to the owner's event loop.
 */
final class RosterNotices {
    static final int MOST_WAITING = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(RosterNotices.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Calls a service. */
    @FunctionalInterface
    interface Services {
        /** Ends when the service has answered. */
        Future<?> call(String address, JsonObject body);
    }

    private final Services services;
    private final PresenceMeters meters;
    private final Map<String, Deque<JsonObject>> waiting = new HashMap<>();

    RosterNotices(Services services, PresenceMeters meters) {
        this.services = services;
        this.meters = meters;
    }

    static Services over(ServiceCalls calls) {
        return (address, body) -> calls.request(address, body, Map.of(), DEADLINE);
    }

    /** Takes who is there as told already. */
    void begin(OwnedAddress here, long nowMillis) {
        ToldRoster noticed = here.noticed;
        if (noticed != null) {
            noticed.replace(here.roster.everybody(), nowMillis);
            noticed.begin(nowMillis);
        }
    }

    /** Takes what a user is now. */
    void take(OwnedAddress here, String user, Optional<Person> person, long nowMillis) {
        ToldRoster noticed = here.noticed;
        if (noticed != null) {
            person.ifPresentOrElse(noticed::put, () -> noticed.remove(user, nowMillis));
        }
    }

    /** Sends what there is to tell by now. */
    void tick(Collection<OwnedAddress> all, long nowMillis) {
        for (OwnedAddress here : all) {
            ToldRoster noticed = here.noticed;
            Optional<String> service = here.policy.service();
            if (noticed == null || service.isEmpty() || here.asking != null || !noticed.isBusy()) {
                continue;
            }
            noticed.tick(nowMillis)
                    .ifPresent(news -> news.changes().stream()
                            .filter(change -> change.type() != Change.Type.UPDATE)
                            .forEach(change -> send(service.get(), notice(here, change, nowMillis))));
        }
    }

    private static JsonObject notice(OwnedAddress here, Change change, long nowMillis) {
        return new JsonObject()
                .put("event", change.type().wireName())
                .put("address", here.address.value())
                .put("user", change.user().user())
                .put("claims", new JsonObject(change.user().claims()))
                .put("at", Instant.ofEpochMilli(nowMillis).toString());
    }

    private void send(String service, JsonObject notice) {
        Deque<JsonObject> queue = waiting.computeIfAbsent(service, s -> new ArrayDeque<>());
        if (queue.size() >= MOST_WAITING) {
            meters.notice(false);
            LOG.warn("presence_notice_lost service={} reason=too_many_wait", service);
            return;
        }
        queue.add(notice);
        if (queue.size() == 1) {
            next(service, queue);
        }
    }

    private void next(String service, Deque<JsonObject> queue) {
        JsonObject notice = queue.element();
        services.call(service, notice).onComplete(done -> {
            meters.notice(done.succeeded());
            if (done.failed()) {
                LOG.warn(
                        "presence_notice_failed service={} event={} reason={}",
                        service,
                        notice.getString("event"),
                        done.cause().getMessage());
            }
            queue.remove();
            if (queue.isEmpty()) {
                waiting.remove(service);
            } else {
                next(service, queue);
            }
        });
    }
}
