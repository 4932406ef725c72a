package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.LogModel.Expected;
import dev.hubbub.replay.LogModel.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random lives of one log against {@link LogModel}, each from its seed.
 *
 * <p>Held, literally: offsets rise by one within an epoch; a key is one event with one place; a resume gives exactly
 * what was missed or says why not. Also that an append depends on log, operation and owner alone: a fail-over that
 * loses the newest events runs the operations before them again on a new log.
 */
class ReplayLogModelTest {
    private static final int LIVES = 10_000;
    private static final int LONGEST = 200;

    @Test
    void everyLifeKeepsThePromises() {
        long resumed = 0;
        long lost = 0;
        for (int seed = 0; seed < LIVES; seed++) {
            Life life = new Life(seed);
            try {
                life.live();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", operation " + life.journal.size(), e);
            }
            resumed += life.resumed;
            lost += life.lost;
        }
        // A test that only ever sees one of the two answers proves little.
        assertThat(resumed).isGreaterThan(100_000);
        assertThat(lost).isGreaterThan(100_000);
    }

    /** One operation, so that a life can be lived again. */
    private record Step(Append wish, boolean onlyUse, Turn turn) {}

    /** One life of a log. */
    private static final class Life {
        private final Random random;
        private final List<Step> journal = new ArrayList<>();
        private final List<Position> ghosts = new ArrayList<>();
        private LogPolicy policy = Events.LOG;
        private String owner = "o0";
        private long nowMillis = 1_000_000;
        private int names;
        private ReplayLog log = new ReplayLog(Events.ROOM, policy, turn());
        private LogModel model = new LogModel("E", owner, policy);
        private long resumed;
        private long lost;

        Life(long seed) {
            random = new Random(seed);
        }

        private Turn turn() {
            return new Turn(owner, "E", nowMillis);
        }

        void live() {
            for (int left = 1 + random.nextInt(LONGEST); left > 0; left--) {
                int dice = random.nextInt(100);
                if (dice < 50) {
                    step(new Step(fresh(), false, turn()));
                } else if (dice < 60) {
                    step(new Step(again(random.nextBoolean()), false, turn()));
                } else if (dice < 68) {
                    policy = Events.keep(random.nextInt(12), random.nextInt(600), someAge());
                    step(new Step(fresh(), true, turn()));
                } else if (dice < 80) {
                    nowMillis += random.nextInt(10) == 0 ? random.nextInt(1_200_000) : random.nextInt(2_000);
                } else if (dice < 84) {
                    owner = "o" + ++names;
                } else if (dice < 86) {
                    failOver();
                }
                resume(somePosition());
                recent();
            }
        }

        private long someAge() {
            return random.nextInt(4) == 0 ? 3 * DedupeWindow.MIN_MILLIS : random.nextInt(5_000);
        }

        private Append fresh() {
            String text = "x".repeat(random.nextInt(60));
            return Events.append(policy, "e" + ++names, text);
        }

        private Append again(boolean samePayload) {
            if (model.history.isEmpty()) {
                return fresh();
            }
            EventContent old =
                    model.history.get(random.nextInt(model.history.size())).content();
            EventContent sent =
                    samePayload ? old : Events.content(old.id(), "r", EventContent.NO_VERSION, "other " + ++names);
            return Events.append(Events.ROOM, policy, sent);
        }

        private void step(Step step) {
            journal.add(step);
            if (step.onlyUse()) {
                model.use(step.wish().policy(), step.turn().nowMillis());
                assertThat(log.attached(step.wish().policy(), step.turn().nowMillis())
                                .head())
                        .isEqualTo(model.head());
                return;
            }
            long top = model.history.size();
            Expected expected = model.append(step.wish(), step.turn());
            AppendResult result = log.append(step.wish(), step.turn());
            if (expected.position().isPresent()) {
                AppendResult.Appended appended = Events.appended(result);
                assertThat(appended.position()).isEqualTo(expected.position());
                assertThat(appended.duplicate()).isEqualTo(expected.duplicate());
                assertThat(appended.duplicate() || Events.place(result).offset() == top + 1)
                        .isTrue();
            } else {
                ErrorCode why = expected.duplicate() ? ErrorCode.BAD_EVENT : ErrorCode.TOO_LARGE;
                assertThat(Events.refused(result).why().code()).isEqualTo(why);
            }
        }

        /** Another node goes on with a copy that lacks the newest operations. */
        private void failOver() {
            List<Step> survived = List.copyOf(journal.subList(0, journal.size() - random.nextInt(journal.size() + 1)));
            List<Said> before = List.copyOf(model.history);
            Turn born = new Turn("o0", "E", 1_000_000);
            log = new ReplayLog(Events.ROOM, Events.LOG, born);
            model = new LogModel("E", "o0", Events.LOG);
            journal.clear();
            survived.forEach(this::step);
            before.subList(model.history.size(), before.size()).forEach(said -> ghosts.add(said.position()));
            owner = "o" + ++names;
        }

        private Position somePosition() {
            int dice = random.nextInt(10);
            if (dice < 5 && !model.history.isEmpty()) {
                return model.history.get(random.nextInt(model.history.size())).position();
            }
            if (dice < 7 && !ghosts.isEmpty()) {
                return ghosts.get(random.nextInt(ghosts.size()));
            }
            if (dice < 8) {
                return model.head();
            }
            String epoch = random.nextInt(4) == 0 ? "F" : "E";
            String term = random.nextBoolean() ? model.term() : 1 + random.nextInt(3) + "-o" + random.nextInt(3);
            return new Position(epoch, term, random.nextInt(model.history.size() + 3));
        }

        private void resume(Position position) {
            model.use(policy, nowMillis);
            journal.add(new Step(fresh(), true, turn()));
            var reasons = model.lostReasons(position);
            List<String> got = new ArrayList<>();
            ReadResult result = page(position, 1 + random.nextInt(20));
            if (!reasons.isEmpty()) {
                assertThat(reasons).contains(Events.lost(result).reason());
                assertThat(Events.lost(result).head()).isEqualTo(model.head());
                lost++;
                return;
            }
            ReadResult.Events page = Events.events(result);
            got.addAll(Events.ids(page));
            while (page.more()) {
                page = Events.events(page(page.position(), 1 + random.nextInt(20)));
                got.addAll(Events.ids(page));
            }
            assertThat(page.position()).isEqualTo(model.head());
            assertThat(got)
                    .isEqualTo(model.missed(position).stream()
                            .map(said -> said.content().id())
                            .toList());
            resumed++;
        }

        private ReadResult page(Position position, int events) {
            ReadLimits limits = new ReadLimits(events, random.nextInt(400));
            return log.read(policy, new ReadFrom.After(position), limits, nowMillis);
        }

        private void recent() {
            int count = random.nextInt(15);
            ReadLimits limits = new ReadLimits(1_000, 1_000_000);
            ReadResult.Events recent = Events.events(log.read(policy, new ReadFrom.Recent(count), limits, nowMillis));
            List<String> kept =
                    model.kept().stream().map(said -> said.content().id()).toList();
            assertThat(Events.ids(recent)).isEqualTo(kept.subList(Math.max(0, kept.size() - count), kept.size()));
            assertThat(recent.position()).isEqualTo(model.head());
        }
    }
}
