package dev.hubbub.trace;

import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry.What;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Tells from a connection's stretches what became of one event for it.
 *
 * <p>At an address with a log the places tell; elsewhere the loop's own entries about the event do. Pure.
 */
public final class EventJudge {
    private final String id;
    private final Optional<Position> position;
    private final List<EventEntry> entries;

    /**
     * Prepares to judge.
     *
     * @param position the event's place, if it has one
     * @param entries what the loop noted about the event
     */
    public EventJudge(String id, Optional<Position> position, List<EventEntry> entries) {
        this.id = id;
        this.position = position;
        this.entries = List.copyOf(entries);
    }

    /** Judges by a stretch in which the subscription was live. */
    public Optional<Finding> live(Stretch stretch, String user, String connection) {
        if (!stretch.keepsAll()) {
            return entries.stream()
                    .filter(entry -> stretch.holds(entry.sequence()))
                    .flatMap(entry -> heard(entry, user, connection).stream())
                    .findFirst();
        }
        if (position.filter(stretch::spans).isEmpty()) {
            return Optional.empty();
        }
        Optional<EventEntry> delivery =
                entries.stream().filter(entry -> entry.what() == What.DELIVERED).findFirst();
        return delivery.map(entry -> heard(entry, user, connection))
                .orElseGet(() -> Optional.of(finding(
                        "delivered",
                        user,
                        connection,
                        0,
                        "the connection was live and got every event of these places; when is not on record any more",
                        stretch)));
    }

    private static Optional<Finding> heard(EventEntry entry, String user, String connection) {
        if (entry.what() == What.CONFLATED) {
            String text =
                    "a newer event took its place before it left: " + entry.by().orElse("");
            return Optional.of(new Finding(
                    "conflated",
                    user,
                    connection,
                    entry.atMillis(),
                    text,
                    new JsonObject().put("by", entry.by().orElse(""))));
        }
        if (entry.what() != What.DELIVERED) {
            return Optional.empty();
        }
        boolean own = entry.by().filter(connection::equals).isPresent();
        return Optional.of(new Finding(
                own ? "echo" : "delivered",
                user,
                connection,
                entry.atMillis(),
                own
                        ? "this connection published it and had asked not to hear it"
                        : "written to the connection as it came",
                new JsonObject()));
    }

    /** Judges by a stretch in which signals were dropped. */
    public Optional<Finding> dropped(Stretch stretch, String user, String connection, String why) {
        return entries.stream()
                .filter(entry -> entry.what() == What.DELIVERED && stretch.holds(entry.sequence()))
                .findFirst()
                .map(entry -> finding(
                        "dropped",
                        user,
                        connection,
                        entry.atMillis(),
                        "dropped, with " + stretch.events() + " events in a row: " + why,
                        stretch));
    }

    /** Judges by a stretch in which the subscription was given what it had missed. */
    public Optional<Finding> caughtUp(Stretch stretch, String user, String connection, long atMillis) {
        if (!stretch.keepsAll() && stretch.ids().contains(id)) {
            return Optional.of(finding(
                    "recovered", user, connection, atMillis, "given as a current value when it caught up", stretch));
        }
        if (position.filter(stretch::spans).isEmpty()) {
            return Optional.empty();
        }
        if (stretch.keepsAll()) {
            return Optional.of(finding(
                    "recovered",
                    user,
                    connection,
                    atMillis,
                    "given from the log, in order, when it caught up",
                    stretch));
        }
        boolean named = stretch.events() <= Stretch.MOST_IDS;
        boolean heldBack = entries.stream()
                .anyMatch(entry -> entry.what() == What.DELIVERED && entry.sequence() >= stretch.toSequence());
        return named && !heldBack
                ? Optional.of(finding(
                        "conflated",
                        user,
                        connection,
                        atMillis,
                        "a newer value had taken its place when the connection caught up",
                        stretch))
                : Optional.empty();
    }

    /** Judges by a place that a subscription which catches up has reached. */
    public Optional<Finding> waits(Stretch stretch, String user, String connection, Optional<Position> head) {
        boolean ahead = position.isPresent()
                && stretch.to()
                        .filter(reached -> reached.epoch().equals(position.get().epoch())
                                && reached.offset() < position.get().offset())
                        .isPresent()
                && head.filter(last -> last.offset() >= position.get().offset()).isPresent();
        return ahead
                ? Optional.of(finding("pending", user, connection, 0, "the client is behind and catching up", stretch))
                : Optional.empty();
    }

    /** Judges by the end of a subscription that was still owed events. */
    public Optional<Finding> cutOff(SessionEntry entry, Stretch stretch) {
        boolean behind = position.isPresent()
                && stretch.to()
                        .filter(reached -> reached.epoch().equals(position.get().epoch())
                                && reached.offset() < position.get().offset())
                        .isPresent();
        return behind && wasBefore(entry.atMillis())
                ? Optional.of(finding(
                        "dropped",
                        entry.user(),
                        entry.connection(),
                        entry.atMillis(),
                        "the client was behind and its subscription ended before it could be given: " + entry.detail(),
                        stretch))
                : Optional.empty();
    }

    private boolean wasBefore(long millis) {
        return entries.isEmpty() || entries.get(0).atMillis() <= millis;
    }

    /** Judges by a {@code POSITION_LOST}. */
    public Optional<Finding> lost(SessionEntry entry, Stretch stretch) {
        if (position.isEmpty() || !isBetween(stretch, position.get())) {
            return Optional.empty();
        }
        boolean expired = entry.detail().equals("retention");
        String text = expired
                ? "it was not kept any more when the client came back; the client was told POSITION_LOST"
                : "the client was told POSITION_LOST (" + entry.detail() + ") and to fetch a snapshot";
        Finding finding =
                finding(expired ? "expired" : "gap", entry.user(), entry.connection(), entry.atMillis(), text, stretch);
        finding.details().put("reason", entry.detail());
        return Optional.of(finding);
    }

    private static boolean isBetween(Stretch gap, Position event) {
        boolean after = gap.from()
                .map(from -> !from.epoch().equals(event.epoch()) || from.offset() < event.offset())
                .orElse(true);
        boolean before = gap.to()
                .map(to -> !to.epoch().equals(event.epoch()) || event.offset() <= to.offset())
                .orElse(true);
        boolean same = gap.from()
                        .filter(from -> from.epoch().equals(event.epoch()))
                        .isPresent()
                || gap.to().filter(to -> to.epoch().equals(event.epoch())).isPresent();
        return after && before && same;
    }

    private static Finding finding(
            String outcome, String user, String connection, long atMillis, String text, Stretch stretch) {
        JsonObject details = new JsonObject().put("sinceMillis", stretch.sinceMillis());
        stretch.from().ifPresent(from -> details.put("after", from.toString()));
        stretch.to().ifPresent(to -> details.put("upTo", to.toString()));
        return new Finding(outcome, user, connection, atMillis, text, details);
    }
}
