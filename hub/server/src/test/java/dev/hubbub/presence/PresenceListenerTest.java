package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.PartialBus;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.presence.PresenceAnswer.Listening;
import dev.hubbub.protocol.Address;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node asks the owner of a roster, and tells it, while loops look and look away. */
class PresenceListenerTest {
    private static final Address ROOM = new Address("room:1");
    private static final Address HALL = new Address("hall:1");
    private static final String INBOX = "hub.gateway.n1.0";
    private static final PresencePolicy POLICY = new PresencePolicy(5_000, Optional.empty());

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final List<Object> told = new ArrayList<>();
    private final PresenceListener listener = new PresenceListener(
            new RecordingBus(),
            TestOwnership.ofAnother("n1", "owner"),
            new Turns(),
            new PresenceMeters(new SimpleMeterRegistry()));

    private record Asked(PresenceMessage.Listen question, Promise<Object> answer) {}

    private void watch(Address address) {
        listener.watch(new LocalMessage.Watch(address, POLICY, INBOX));
        run();
    }

    private void unwatch(Address address) {
        listener.unwatch(new LocalMessage.Unwatch(address, INBOX));
        run();
    }

    private void run() {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    private void ownerAnswers(long number) {
        Asked one = asked.remove();
        List<Optional<List<Person>>> nobody = one.question().addresses().stream()
                .map(address -> Optional.of(List.<Person>of()))
                .toList();
        one.answer().complete(new Listening("link-1", number, nobody));
        run();
    }

    private List<Address> forgotten() {
        return told.stream()
                .filter(PresenceMessage.Forget.class::isInstance)
                .flatMap(message -> ((PresenceMessage.Forget) message).addresses().stream())
                .toList();
    }

    @Test
    void anOwnerWhoseAnswerComesAfterEverybodyHasLookedAwayIsToldToForget() {
        watch(ROOM);
        unwatch(ROOM);
        ownerAnswers(0);
        assertThat(forgotten()).containsExactly(ROOM);
    }

    @Test
    void aLateAnswerDoesNotMakeTheOwnerForgetWhoLooksAgain() {
        watch(ROOM);
        unwatch(ROOM);
        watch(ROOM);
        ownerAnswers(0);
        ownerAnswers(0);
        assertThat(forgotten()).isEmpty();
    }

    @Test
    void anAnswerThatIsAheadOfTheNewsMakesTheOtherAddressesAskAgain() {
        watch(ROOM);
        ownerAnswers(3);
        assertThat(asked).isEmpty();

        watch(HALL);
        ownerAnswers(4); // the fourth news, maybe of the room, never came

        assertThat(asked)
                .singleElement()
                .satisfies(again -> assertThat(again.question().addresses()).containsExactly(ROOM));
    }

    /** Runs what is to run soon when the test says so; nothing here waits for a time. */
    private final class Turns implements EventLoop {
        @Override
        public void soon(Runnable action) {
            turns.add(action);
        }

        @Override
        public void after(long millis, Runnable action) {
            throw new UnsupportedOperationException("after " + millis);
        }

        @Override
        public Clock clock() {
            return Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);
        }
    }

    /** Keeps questions until the test answers them, and what was told. */
    private final class RecordingBus extends PartialBus {
        @Override
        public void tell(Reach reach, String inbox, Object message) {
            told.add(message);
        }

        @Override
        @SuppressWarnings("unchecked") // the only question here is answered with Listening
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            Promise<Object> answer = Promise.promise();
            asked.add(new Asked((PresenceMessage.Listen) question, answer));
            return (Future<A>) answer.future();
        }
    }
}
