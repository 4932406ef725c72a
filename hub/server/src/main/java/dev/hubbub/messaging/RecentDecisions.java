package dev.hubbub.messaging;

import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry;
import dev.hubbub.trace.SessionEntry;
import dev.hubbub.trace.Stretch;
import dev.hubbub.trace.TraceLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one loop decided lately, for a user, at an address, or both; made for one question. */
final class RecentDecisions {
    private final TraceLog trace;
    private final LoopSubscriber subscriber;
    private final List<JsonObject> entries = new ArrayList<>();

    RecentDecisions(TraceLog trace, LoopSubscriber subscriber) {
        this.trace = trace;
        this.subscriber = subscriber;
    }

    /** Returns at most the asked number of each sort, newest first. */
    JsonObject answer(JsonObject asked) {
        int limit = asked.getInteger("limit");
        Optional<String> user = Optional.ofNullable(asked.getString("user"));
        Optional<Address> address =
                Optional.ofNullable(asked.getString("address")).map(Address::new);
        Map<Address, List<Stretch>> live = new HashMap<>();
        int[] left = {limit};
        trace.newestSessions(entry -> {
            boolean wanted = user.isEmpty() || user.get().equals(entry.user());
            boolean here = address.isEmpty() || entry.address().equals(address);
            if (wanted && here) {
                if (entry.what() == SessionEntry.What.LIVE) {
                    entry.stretch().ifPresent(s -> add(live, entry.address().orElseThrow(), s));
                }
                entries.add(json(entry));
                left[0]--;
            }
            return left[0] >= 0;
        });
        if (user.isPresent()) {
            openStretches(user.get(), address, live);
            live.forEach((where, stretches) -> events(where, Optional.of(stretches), user, limit));
            published(user.get(), address, limit);
        } else {
            address.ifPresent(where -> events(where, Optional.empty(), Optional.empty(), limit));
        }
        entries.sort((a, b) -> Long.compare(b.getLong("at"), a.getLong("at")));
        boolean more = entries.size() > limit;
        return new JsonObject()
                .put("entries", new JsonArray(new ArrayList<>(more ? entries.subList(0, limit) : entries)))
                .put("more", more);
    }

    private static void add(Map<Address, List<Stretch>> live, Address address, Stretch stretch) {
        live.computeIfAbsent(address, a -> new ArrayList<>()).add(stretch);
    }

    private void openStretches(String user, Optional<Address> address, Map<Address, List<Stretch>> live) {
        subscriber
                .subscriptionsOf(recipient -> recipient.caller().name().equals(user))
                .forEach((member, feed) -> {
                    if (member.state == State.LIVE
                            && address.map(feed.address()::equals).orElse(true)) {
                        add(live, feed.address(), feed.ledger().openStretch(member, feed.head()));
                    }
                });
    }

    /** The newest events of an address, or those of them that lie in a user's stretches. */
    private void events(Address address, Optional<List<Stretch>> stretches, Optional<String> user, int limit) {
        int[] left = {limit};
        trace.newestOf(address, entry -> {
            boolean heard = entry.what() == EventEntry.What.DELIVERED || entry.what() == EventEntry.What.CONFLATED;
            if (stretches.isEmpty() || (heard && isIn(stretches.get(), entry))) {
                entries.add(json(entry, user));
                left[0]--;
            }
            return left[0] >= 0;
        });
    }

    private static boolean isIn(List<Stretch> stretches, EventEntry entry) {
        return stretches.stream()
                .anyMatch(stretch -> stretch.keepsAll()
                        ? entry.position().filter(stretch::spans).isPresent()
                        : stretch.holds(entry.sequence()));
    }

    private void published(String user, Optional<Address> address, int limit) {
        int[] left = {limit};
        trace.publishedBy(user, entry -> {
            if (address.map(entry.address()::equals).orElse(true)) {
                entries.add(json(entry, Optional.of(user)));
                left[0]--;
            }
            return left[0] >= 0;
        });
    }

    private static JsonObject json(EventEntry entry, Optional<String> user) {
        JsonObject json = new JsonObject()
                .put("eventId", entry.id())
                .put("address", entry.address().value())
                .put("at", entry.atMillis())
                .put("outcome", entry.what().name().toLowerCase(Locale.ROOT))
                .put("text", words(entry));
        entry.position().ifPresent(position -> json.put("position", position.toString()));
        user.or(() -> entry.publication().map(EventEntry.Publication::by)).ifPresent(name -> json.put("user", name));
        return json;
    }

    private static String words(EventEntry entry) {
        String by = entry.by().orElse("");
        return switch (entry.what()) {
            case PUBLISHED ->
                "published by " + entry.publication().orElseThrow().by();
            case DUPLICATE ->
                "published again by " + entry.publication().orElseThrow().by() + "; nothing was added";
            case DELIVERED ->
                "written to " + entry.took() + (entry.took() == 1 ? " connection" : " connections")
                        + " of one event loop"
                        + (entry.missed() == 0 ? "" : ", " + entry.missed() + " did not read fast enough");
            case CONFLATED -> "replaced by the newer " + by + " before it left";
        };
    }

    private static JsonObject json(SessionEntry entry) {
        JsonObject json = new JsonObject()
                .put("at", entry.atMillis())
                .put("outcome", entry.what().name().toLowerCase(Locale.ROOT))
                .put("user", entry.user())
                .put("text", words(entry));
        entry.address().ifPresent(address -> json.put("address", address.value()));
        if (!entry.connection().isEmpty()) {
            json.put("connection", entry.connection());
        }
        entry.stretch()
                .flatMap(Stretch::to)
                .map(Position::toString)
                .ifPresent(position -> json.put("position", position));
        return json;
    }

    private static String words(SessionEntry entry) {
        String detail = entry.detail();
        long events = entry.stretch().map(Stretch::events).orElse(0L);
        return switch (entry.what()) {
            case SUBSCRIBED -> "subscription live: " + detail;
            case LIVE -> "subscription no longer live: " + detail;
            case CAUGHT_UP -> "was given " + events + " events that it had missed";
            case DROPPED -> events + " signals dropped: " + detail;
            case LOST -> "told POSITION_LOST (" + detail + ")";
            case CUT_OFF -> "subscription ended while it was still owed events: " + detail;
            case DENIED -> "subscription refused: " + new JsonObject(detail).getString("reason");
            case REVOKED -> "subscription taken away: " + new JsonObject(detail).getString("reason");
            case PUBLISH_REFUSED -> "publish refused, " + detail;
            case DISCONNECTED -> "connection ended: " + detail;
        };
    }
}
