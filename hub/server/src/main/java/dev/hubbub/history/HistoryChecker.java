package dev.hubbub.history;

import dev.hubbub.history.Anomaly.Kind;
import dev.hubbub.history.History.Client;
import dev.hubbub.history.History.Entry;
import dev.hubbub.history.History.Log;
import dev.hubbub.history.History.Publish;
import dev.hubbub.history.History.Sight;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what must not happen in a history.
 *
 * <p>As the log itself gives every event its place, order and loss are a matter of comparing places; nothing has to be
 * searched for, and the time is that of sorting. Pure; one checker for one history.
 */
public final class HistoryChecker {
    private final History history;
    private final boolean logsMayBeLost;
    private final boolean eventsMayBeTrimmed;
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<String, FinalLog> finals = new LinkedHashMap<>();

    /** Prepares a check of a history in which no event got too old or too many to be kept. */
    public HistoryChecker(History history, boolean logsMayBeLost) {
        this(history, logsMayBeLost, false);
    }

    /**
     * Prepares a check.
     *
     * @param logsMayBeLost whether more nodes failed than the copies allow for, so that a log may have begun anew; even
     *     then every client has to be told
     * @param eventsMayBeTrimmed whether logs may have let go of their oldest events by the end
     */
    public HistoryChecker(History history, boolean logsMayBeLost, boolean eventsMayBeTrimmed) {
        this.history = history;
        this.logsMayBeLost = logsMayBeLost;
        this.eventsMayBeTrimmed = eventsMayBeTrimmed;
    }

    /** Returns everything that must not have happened; empty is good. */
    public List<Anomaly> check() {
        history.logs().forEach(this::checkLog);
        checkPositions();
        history.publishes().forEach(this::checkAcknowledged);
        checkRealTime();
        history.clients().forEach(this::checkClient);
        return List.copyOf(anomalies);
    }

    /** Counts anomalies by kind, for people: one line, and the first examples. */
    public static String report(History history, List<Anomaly> anomalies) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0);
        }
        anomalies.forEach(anomaly -> counts.merge(anomaly.kind(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        long acknowledged = history.publishes().stream()
                .filter(publish -> publish.position().isPresent())
                .count();
        long seen = history.clients().stream()
                .flatMap(client -> client.sights().stream())
                .filter(Sight.Event.class::isInstance)
                .count();
        long told = history.clients().stream()
                .flatMap(client -> client.sights().stream())
                .filter(Sight.Lost.class::isInstance)
                .count();
        text.append("publishes ").append(history.publishes().size());
        text.append(", acknowledged ").append(acknowledged);
        text.append(", events seen ").append(seen);
        text.append(", told of a loss ").append(told).append('\n');
        counts.forEach((kind, count) -> text.append(kind.name().toLowerCase(java.util.Locale.ROOT))
                .append(' ')
                .append(count)
                .append("  "));
        anomalies.stream()
                .limit(10)
                .forEach(anomaly ->
                        text.append('\n').append(anomaly.kind()).append(": ").append(anomaly.evidence()));
        return text.toString();
    }

    private void found(Kind kind, String evidence) {
        anomalies.add(new Anomaly(kind, evidence));
    }

    private void checkLog(Log log) {
        Map<String, Position> ids = new HashMap<>();
        Position before = null;
        for (Entry entry : log.entries()) {
            Position twice = ids.put(entry.id(), entry.position());
            if (twice != null) {
                found(
                        Kind.DUPLICATE_LOG,
                        log.address() + ": " + entry.id() + " at " + twice + " and " + entry.position());
            }
            if (before != null && !follows(before, entry.position())) {
                found(Kind.HOLE, log.address() + " on " + log.node() + ": " + before + " then " + entry.position());
            }
            before = entry.position();
        }
        if (before != null && !before.equals(log.head())) {
            found(
                    Kind.HOLE,
                    log.address() + " on " + log.node() + " ends at " + before + ", its head is " + log.head());
        }
        FinalLog first = finals.putIfAbsent(log.address(), new FinalLog(log));
        if (first != null
                && !(first.log.entries().equals(log.entries())
                        && first.log.head().equals(log.head()))) {
            found(
                    Kind.DIVERGENT,
                    log.address() + ": " + first.log.node() + " ends at " + first.log.head() + " with "
                            + first.log.entries().size() + " events, " + log.node() + " at " + log.head() + " with "
                            + log.entries().size());
        }
    }

    private static boolean follows(Position before, Position next) {
        return before.epoch().equals(next.epoch()) && next.offset() == before.offset() + 1;
    }

    /** A position is one event's, whoever tells it. */
    private void checkPositions() {
        Map<String, String> events = new HashMap<>();
        Map<String, String> offsets = new HashMap<>();
        Map<String, Position> places = new HashMap<>();
        for (Publish publish : history.publishes()) {
            publish.position().ifPresent(position -> {
                claim(events, publish.address(), position, publish.id());
                String event = publish.address() + " " + position.epoch() + " " + publish.id();
                Position place = places.putIfAbsent(event, position);
                if (place != null && !place.equals(position)) {
                    found(Kind.DIVERGENT, event + " was acknowledged at " + place + " and at " + position);
                }
                String offset = publish.address() + " " + position.epoch() + ":" + position.offset();
                String other = offsets.putIfAbsent(offset, publish.id());
                if (other != null && !other.equals(publish.id())) {
                    found(Kind.OFFSET_REUSE, offset + " was acknowledged for " + other + " and " + publish.id());
                }
            });
        }
        for (Client client : history.clients()) {
            for (Sight sight : client.sights()) {
                if (sight instanceof Sight.Event event) {
                    claim(events, client.address(), event.position(), event.id());
                }
            }
        }
        for (Log log : history.logs()) {
            log.entries().forEach(entry -> claim(events, log.address(), entry.position(), entry.id()));
        }
    }

    private void claim(Map<String, String> events, String address, Position position, String id) {
        String other = events.putIfAbsent(address + " " + position, id);
        if (other != null && !other.equals(id)) {
            found(Kind.DIVERGENT, address + " " + position + " is " + other + " and " + id);
        }
    }

    private void checkAcknowledged(Publish publish) {
        FinalLog log = finals.get(publish.address());
        if (publish.position().isEmpty()) {
            return;
        }
        Position position = publish.position().get();
        if (log == null) {
            if (!logsMayBeLost) {
                found(
                        Kind.LOST,
                        publish.address() + ": " + publish.id() + " was acknowledged at " + position
                                + ", and nobody has the log");
            }
            return;
        }
        boolean sameEpoch = position.epoch().equals(log.log.head().epoch());
        if (!sameEpoch) {
            if (!logsMayBeLost) {
                found(
                        Kind.LOST,
                        publish.address() + ": " + publish.id() + " was acknowledged at " + position
                                + ", the log has begun anew as " + log.log.head());
            }
        } else if ((position.offset() >= log.firstOffset() || !eventsMayBeTrimmed)
                && !Objects.equals(log.idAt(position.offset()), publish.id())) {
            found(
                    Kind.LOST,
                    publish.address() + ": " + publish.id() + " was acknowledged at " + position + ", where "
                            + log.idAt(position.offset()) + " stands");
        }
    }

    /** What was acknowledged before something was sent stands before it. */
    private void checkRealTime() {
        Map<String, List<Publish>> firsts = new LinkedHashMap<>();
        for (Publish publish : history.publishes()) {
            if (publish.position().isPresent() && !publish.duplicate()) {
                firsts.computeIfAbsent(
                                publish.address() + " "
                                        + publish.position().get().epoch(),
                                a -> new ArrayList<>())
                        .add(publish);
            }
        }
        firsts.values().forEach(this::checkRealTime);
    }

    private void checkRealTime(List<Publish> publishes) {
        List<Publish> bySent = new ArrayList<>(publishes);
        bySent.sort(Comparator.comparingLong(Publish::sentNanos));
        List<Publish> byAnswered = new ArrayList<>(publishes);
        byAnswered.sort(Comparator.comparingLong(Publish::answeredNanos));
        int answered = 0;
        Publish highest = null;
        for (Publish publish : bySent) {
            while (answered < byAnswered.size() && byAnswered.get(answered).answeredNanos() < publish.sentNanos()) {
                Publish done = byAnswered.get(answered++);
                if (highest == null || offset(done) > offset(highest)) {
                    highest = done;
                }
            }
            if (highest != null && offset(highest) > offset(publish)) {
                found(
                        Kind.REAL_TIME,
                        publish.address() + ": " + highest.id() + " at " + offset(highest) + " was answered before "
                                + publish.id() + " at " + offset(publish) + " was sent");
            }
        }
    }

    private static long offset(Publish publish) {
        return publish.position().map(Position::offset).orElse(0L);
    }

    private void checkClient(Client client) {
        Optional<Position> at = Optional.empty();
        List<Sight.Event> sinceTold = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Sight sight : client.sights()) {
            if (sight instanceof Sight.Event event) {
                checkNext(client, at, event);
                if (!ids.add(event.id())) {
                    found(Kind.CLIENT_REPEAT, client.name() + " " + client.address() + ": " + event.id() + " again");
                }
                sinceTold.add(event);
                at = Optional.of(event.position());
            } else if (sight instanceof Sight.Lost lost) {
                checkLost(client, at, lost);
                at = Optional.of(lost.position());
                sinceTold.clear();
                ids.clear();
            } else if (sight instanceof Sight.Begun begun) {
                at = Optional.of(begun.position());
            }
        }
        checkEnd(client, at, sinceTold);
    }

    /** Who is told of a loss goes back: that must not happen to one whose place was right all the time. */
    private void checkLost(Client client, Optional<Position> at, Sight.Lost told) {
        FinalLog log = finals.get(client.address());
        boolean trimmed = told.reason().equals("retention") || told.reason().equals("too_far");
        if (at.isEmpty() || log == null || (trimmed && eventsMayBeTrimmed)) {
            return;
        }
        if (log.has(at.get())) {
            found(
                    Kind.FALSE_LOSS,
                    client.name() + " " + client.address() + " was at " + at.get() + ", which the log has, and told "
                            + told.reason() + ", go on from " + told.position());
        }
    }

    private void checkNext(Client client, Optional<Position> at, Sight.Event event) {
        if (at.isEmpty() || follows(at.get(), event.position())) {
            return;
        }
        String evidence = client.name() + " " + client.address() + ": " + event.position() + " after " + at.get();
        if (!at.get().epoch().equals(event.position().epoch())) {
            found(Kind.CLIENT_SKIP, evidence + ", without a word about the other epoch");
        } else if (event.position().offset() == at.get().offset()) {
            found(Kind.CLIENT_REPEAT, evidence);
        } else if (event.position().offset() < at.get().offset()) {
            found(Kind.CLIENT_DISORDER, evidence);
        } else {
            found(Kind.CLIENT_SKIP, evidence);
        }
    }

    private void checkEnd(Client client, Optional<Position> at, List<Sight.Event> sinceTold) {
        FinalLog log = finals.get(client.address());
        if (log == null || !client.mustBeCurrent()) {
            return;
        }
        Position head = log.log.head();
        if (at.isEmpty() || !at.get().epoch().equals(head.epoch()) || at.get().offset() != head.offset()) {
            found(
                    Kind.SILENT_STALE,
                    client.name() + " " + client.address() + " stands at "
                            + at.map(Position::toString).orElse("nothing") + ", the log at " + head);
        }
        for (Sight.Event event : sinceTold) {
            Position position = event.position();
            boolean comparable = position.epoch().equals(head.epoch()) && position.offset() >= log.firstOffset();
            if (comparable && !Objects.equals(log.idAt(position.offset()), event.id())) {
                found(
                        Kind.CLIENT_PHANTOM,
                        client.name() + " " + client.address() + " has " + event.id() + " at " + position
                                + ", where the log has " + log.idAt(position.offset()));
            }
        }
    }

    /** A log with its events by offset. */
    private static final class FinalLog {
        private final Log log;
        private final Map<Long, String> ids = new HashMap<>();
        private final Set<Position> places = new HashSet<>();

        FinalLog(Log log) {
            this.log = log;
            for (Entry entry : log.entries()) {
                ids.put(entry.position().offset(), entry.id());
                places.add(entry.position());
            }
        }

        boolean has(Position position) {
            return places.contains(position);
        }

        long firstOffset() {
            return log.entries().isEmpty()
                    ? log.head().offset() + 1
                    : log.entries().get(0).position().offset();
        }

        String idAt(long offset) {
            return ids.getOrDefault(offset, "nothing");
        }
    }
}
