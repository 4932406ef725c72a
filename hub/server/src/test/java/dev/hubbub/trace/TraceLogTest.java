package dev.hubbub.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.TraceConfig;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry.What;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The record of one loop: bounded by number and by time, and honest about what it has forgotten. */
class TraceLogTest {
    private static final Address ADDRESS = new Address("room:1");

    private final Time time = new Time();
    private final TraceLog trace = new TraceLog(new TraceConfig(4_000, Duration.ofSeconds(60)), 1, time);

    private static final class Time extends Clock {
        long millis = 1_000_000;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    }

    private static Position place(long offset) {
        return new Position("E1", "1-a", offset);
    }

    private static EventFrame event(long offset, Optional<ConnectionId> notBackTo) {
        EventContent content =
                new EventContent("id" + offset, Optional.of("t"), "k", Optional.empty(), -1, 0, 0, Buffer.buffer("{}"));
        return new EventFrame(ADDRESS, Optional.of(place(offset)), content, notBackTo);
    }

    private List<EventEntry> find(String id) {
        List<EventEntry> found = new ArrayList<>();
        trace.find(id, found::add);
        return found;
    }

    private static Stretch stretch(long from, long to) {
        return new Stretch(true, Optional.of(place(from)), Optional.of(place(to)), 0, 0, 0, to - from, List.of());
    }

    private void ended(String user) {
        trace.add(new SessionEntry(
                trace.millis(),
                SessionEntry.What.DISCONNECTED,
                "c-" + user,
                user,
                Optional.empty(),
                Optional.of(Stretch.since(0)),
                "left"));
    }

    @Test
    void anEventIsFoundWithHowManyTookIt() {
        trace.delivered(List.of(event(1, Optional.empty()), event(2, Optional.of(new ConnectionId("c9")))), 7, 1);

        EventEntry entry = find("id2").get(0);
        assertThat(entry.what()).isEqualTo(What.DELIVERED);
        assertThat(entry.took()).isEqualTo(7);
        assertThat(entry.missed()).isEqualTo(1);
        assertThat(entry.position()).contains(place(2));
        assertThat(entry.by()).contains("c9");
        assertThat(entry.sequence()).isEqualTo(1);
        assertThat(find("id3")).isEmpty();
    }

    @Test
    void theOldestAreWrittenOverAndTheRecordSaysSo() {
        long began = time.millis;
        for (int i = 0; i < 20_000; i++) {
            time.millis++;
            trace.delivered(List.of(event(i, Optional.empty())), 1, 0);
        }
        assertThat(find("id19999")).hasSize(1);
        assertThat(find("id10")).isEmpty();
        assertThat(trace.completeSince()).isBetween(began + 16_000, time.millis);
        List<EventEntry> newest = new ArrayList<>();
        trace.newestOf(ADDRESS, entry -> newest.add(entry) && newest.size() < 3);
        assertThat(newest).extracting(EventEntry::id).containsExactly("id19999", "id19998", "id19997");
    }

    @Test
    void manyEventsDoNotPushConnectionsOut() {
        ended("sarah");
        for (int i = 0; i < 50_000; i++) {
            trace.delivered(List.of(event(i, Optional.empty())), 1, 0);
        }
        List<SessionEntry> found = new ArrayList<>();
        trace.newestSessions(found::add);
        assertThat(found).extracting(SessionEntry::user).containsExactly("sarah");
        for (int i = 0; i < 5_000; i++) {
            ended("u" + i);
        }
        found.clear();
        trace.newestSessions(found::add);
        assertThat(found).hasSize(1_000).extracting(SessionEntry::user).doesNotContain("sarah");
    }

    @Test
    void aClientThatIsRefusedInALoopTakesOnePlace() {
        ended("sarah");
        for (int i = 0; i < 5_000; i++) {
            time.millis++;
            trace.add(new SessionEntry(
                    trace.millis(),
                    SessionEntry.What.DENIED,
                    "c1",
                    "mallory",
                    Optional.of(ADDRESS),
                    Optional.empty(),
                    "{}"));
        }
        List<SessionEntry> found = new ArrayList<>();
        trace.newestSessions(found::add);
        assertThat(found).extracting(SessionEntry::user).containsExactly("mallory", "sarah");
        assertThat(found.get(0).atMillis()).isEqualTo(time.millis);
    }

    @Test
    void whatIsTooOldIsNotFoundAnyMore() {
        trace.delivered(List.of(event(1, Optional.empty())), 1, 0);
        ended("sarah");
        time.millis += 60_001;
        trace.expire();
        assertThat(find("id1")).isEmpty();
        trace.newestSessions(entry -> {
            throw new AssertionError("still there: " + entry);
        });
        assertThat(trace.completeSince()).isEqualTo(time.millis - 60_000);
    }

    @Test
    void aStretchTellsWhoGotAnEvent() {
        trace.delivered(List.of(event(5, Optional.of(new ConnectionId("own")))), 2, 0);
        EventJudge judge = new EventJudge("id5", Optional.of(place(5)), find("id5"));

        assertThat(judge.live(stretch(3, 8), "u", "c").orElseThrow().outcome()).isEqualTo("delivered");
        assertThat(judge.live(stretch(3, 8), "u", "own").orElseThrow().outcome())
                .isEqualTo("echo");
        assertThat(judge.live(stretch(5, 8), "u", "c")).isEmpty();
        assertThat(judge.live(stretch(1, 4), "u", "c")).isEmpty();
        assertThat(judge.caughtUp(stretch(4, 5), "u", "c", 1).orElseThrow().outcome())
                .isEqualTo("recovered");
        assertThat(judge.waits(stretch(1, 4), "u", "c", Optional.of(place(9)))
                        .orElseThrow()
                        .outcome())
                .isEqualTo("pending");
    }

    @Test
    void aLostPositionTellsWhatWasNeverGiven() {
        EventJudge judge = new EventJudge("id5", Optional.of(place(5)), List.of());
        assertThat(judge.lost(lost("retention"), stretch(2, 9)).orElseThrow().outcome())
                .isEqualTo("expired");
        assertThat(judge.lost(lost("diverged"), stretch(2, 9)).orElseThrow().outcome())
                .isEqualTo("gap");
        assertThat(judge.lost(lost("retention"), stretch(5, 9))).isEmpty();
    }

    private static SessionEntry lost(String reason) {
        return new SessionEntry(1, SessionEntry.What.LOST, "c", "u", Optional.of(ADDRESS), Optional.empty(), reason);
    }
}
