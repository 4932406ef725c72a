package dev.hubbub.trace;

import dev.hubbub.config.TraceConfig;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry.Publication;
import dev.hubbub.trace.EventEntry.What;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one event loop decided: each event once, whatever the number of its recipients, and of each subscription the
 * stretches in which it was live, caught up or missed something.
 *
 * <p>So who got an event follows from where the stretches begin and end, and a delivery costs nothing. Three quarters
 * of the entries are for events, a quarter for connections, so that neither pushes the other out. Bounded by number and
 * by time. Confined to its loop; a restart forgets it.
 */
public final class TraceLog {
    private static final int FEWEST_SESSIONS = 64;
    private static final int SHARE_OF_SESSIONS = 4;

    private final Clock clock;
    private final long keepMillis;
    private final EventRing events;
    private final Deque<SessionEntry> sessions = new ArrayDeque<>();
    private final int mostSessions;
    private final long beganMillis;
    private long sessionsLostBefore;

    /** Creates the record of one of {@code loops} loops. */
    public TraceLog(TraceConfig config, int loops, Clock clock) {
        int entries = config.entries() / loops;
        this.clock = clock;
        this.keepMillis = config.keep().toMillis();
        this.beganMillis = clock.millis();
        this.mostSessions = Math.max(FEWEST_SESSIONS, entries / SHARE_OF_SESSIONS);
        this.events = new EventRing(entries - mostSessions);
    }

    /** Returns the time, in milliseconds since 1970. */
    public long millis() {
        return clock.millis();
    }

    /** Returns the number that the next entry about an event gets. */
    public long sequence() {
        return events.next();
    }

    /** Notes that events went to the live subscribers: {@code took} of them took all, {@code missed} none. */
    public void delivered(List<EventFrame> batch, int took, int missed) {
        long now = clock.millis();
        for (EventFrame event : batch) {
            events.add(
                    now,
                    What.DELIVERED,
                    event.address(),
                    event.content().id(),
                    event.position().orElse(null),
                    event.notBackTo().map(ConnectionId::value).orElse(null));
            events.count(took, missed);
        }
    }

    /** Notes that a newer event took an older one's place, for so many subscribers. */
    public void conflated(EventFrame older, EventFrame newer, int subscribers) {
        events.add(
                clock.millis(),
                What.CONFLATED,
                older.address(),
                older.content().id(),
                older.position().orElse(null),
                newer.content().id());
        events.count(subscribers, 0);
    }

    /** Notes what a publisher gave. */
    public void published(
            boolean duplicate, Address address, String id, Optional<Position> position, Publication made) {
        What what = duplicate ? What.DUPLICATE : What.PUBLISHED;
        events.add(clock.millis(), what, address, id, position.orElse(null), made);
    }

    /** Notes what happened to a connection; a refusal that is repeated at once takes the place of the last one. */
    public void add(SessionEntry entry) {
        SessionEntry last = sessions.peekLast();
        if (last != null && entry.repeats(last)) {
            sessions.removeLast();
        }
        if (sessions.size() == mostSessions) {
            sessionsLostBefore = sessions.removeFirst().atMillis() + 1;
        }
        sessions.addLast(entry);
    }

    /** Forgets what is too old; called now and then. */
    public void expire() {
        long before = horizon();
        events.expire(before);
        while (!sessions.isEmpty() && sessions.getFirst().atMillis() < before) {
            sessionsLostBefore = sessions.removeFirst().atMillis() + 1;
        }
    }

    /** Returns since when everything is on record, in milliseconds since 1970. */
    public long completeSince() {
        long lost = Math.max(events.lostBefore(), sessionsLostBefore);
        return Math.max(Math.max(beganMillis, lost), horizon());
    }

    private long horizon() {
        return clock.millis() - keepMillis;
    }

    /** Finds the entries about one event, oldest first. */
    public void find(String id, Consumer<EventEntry> found) {
        events.find(id, horizon(), found);
    }

    /** Looks at the entries about events of an address, newest first, until {@code goesOn} says no. */
    public void newestOf(Address address, Predicate<EventEntry> goesOn) {
        events.newestFirst(address, horizon(), goesOn);
    }

    /** Looks at what a publisher gave, newest first, until {@code goesOn} says no. */
    public void publishedBy(String publisher, Predicate<EventEntry> goesOn) {
        events.published(publisher, horizon(), goesOn);
    }

    /** Looks at the entries about connections, newest first, until {@code goesOn} says no. */
    public void newestSessions(Predicate<SessionEntry> goesOn) {
        Iterator<SessionEntry> all = sessions.descendingIterator();
        while (all.hasNext()) {
            if (!goesOn.test(all.next())) {
                return;
            }
        }
    }
}
