package dev.hubbub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which events are followed, and what is noted of them. */
class EventTrailTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    /** Traces everything, and remembers it. */
    private static final class Remembered implements Spans {
        private final List<String> notes = new ArrayList<>();

        @Override
        public boolean areOff() {
            return false;
        }

        @Override
        public Optional<Span> begin(Stage stage, String parent, String address, String id) {
            notes.add("begin " + stage + " of " + parent);
            return Optional.of(new Span() {
                @Override
                public String traceparent() {
                    return "within " + stage;
                }

                @Override
                public void note(String name, Object value) {
                    notes.add(name + "=" + value);
                }

                @Override
                public void end(boolean succeeded) {
                    notes.add("end " + succeeded);
                }
            });
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    @Test
    void whoFollowsNothingIsIdleAndHasNoSteps() {
        assertThat(EventTrail.NONE.isIdle()).isTrue();
        assertThat(EventTrail.NONE.published("room:1", "e1", PARENT)).isSameAs(EventTrail.Step.NONE);
        assertThat(EventTrail.NONE.delivering("room:1", "e1", PARENT).traceparent())
                .isEmpty();
    }

    @Test
    void everyNodeFollowsTheSameEventsAndAboutOneInSoMany() {
        EventTrail here = new EventTrail(() -> 100, Spans.NONE);
        EventTrail there = new EventTrail(() -> 100, Spans.NONE);
        Random random = new Random(7);
        List<String> ids = IntStream.range(0, 50_000)
                .mapToObj(i -> i % 2 == 0 ? "01JZZZZZZZ" + i : Long.toString(random.nextLong(), 36))
                .toList();

        List<String> followed = ids.stream()
                .filter(id -> here.appending("a", id, "") != EventTrail.Step.NONE)
                .toList();

        assertThat(followed).hasSizeBetween(350, 650);
        assertThat(ids.stream().filter(id -> there.delivering("a", id, "") != EventTrail.Step.NONE))
                .containsExactlyElementsOf(followed);
    }

    @Test
    void aTraceThatNobodyBeganIsNotBegunOnTheWay() {
        Remembered spans = new Remembered();
        EventTrail trail = new EventTrail(() -> 0, spans);

        assertThat(trail.appending("room:1", "e1", "")).isSameAs(EventTrail.Step.NONE);
        EventTrail.Step publish = trail.published("room:1", "e1", PARENT);
        EventTrail.Step append = trail.appending("room:1", "e1", publish.traceparent());
        append.appended("k.1-a:7", false);
        trail.delivering("room:1", "e1", append.traceparent()).delivered(3);
        publish.refused("timeout");

        assertThat(spans.notes)
                .containsExactly(
                        "begin PUBLISH of " + PARENT,
                        "begin APPEND of within PUBLISH",
                        "hubbub.position=k.1-a:7",
                        "hubbub.duplicate=false",
                        "end true",
                        "begin DELIVER of within APPEND",
                        "hubbub.recipients=3",
                        "end true",
                        "hubbub.code=timeout",
                        "end false");
    }
}
