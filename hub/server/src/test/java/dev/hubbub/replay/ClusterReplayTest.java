package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.PartialBus;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How one event loop asks owners to append, and asks again. */
class ClusterReplayTest {
    private static final Address CURSOR = new Address("cursor:42");

    private final ManualLoop loop = new ManualLoop();
    private final List<String> asked = new ArrayList<>();
    private boolean logsFail = true;
    private final ClusterReplay replay =
            new ClusterReplay(new OwnerWhoseLogsFail(), new TestOwnership("me", Set.of("me"), () -> "me"), loop);

    @Test
    void aSignalIsNotSentAgainBecauseALogFailedInTheSameTurn() {
        Append signal =
                Events.append(CURSOR, Events.SIGNAL, Events.content("s", "r", EventContent.NO_VERSION, "moved"));
        Future<List<AppendResult>> both = replay.append(List.of(signal, Events.append(Events.LOG, "a")));
        loop.pass(1_000);
        assertThat(asked).filteredOn("a"::equals).hasSizeGreaterThan(2);
        assertThat(both.isComplete()).isFalse();

        logsFail = false;
        loop.pass(1_000);

        assertThat(both.succeeded()).isTrue();
        assertThat(both.result())
                .extracting(result -> Events.appended(result).id())
                .containsExactly("s", "a");
        assertThat(asked).containsOnlyOnce("s");
    }

    private final class OwnerWhoseLogsFail extends PartialBus {
        @Override
        @SuppressWarnings("unchecked")
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            List<Append> events = ((OwnerQuestion.AppendEvents) question).events();
            events.forEach(event -> asked.add(event.content().id()));
            if (logsFail && events.stream().anyMatch(event -> event.policy().kind() == DeliveryKind.LOG)) {
                return Future.failedFuture(new HubException(ErrorCode.UNAVAILABLE, "the store is away"));
            }
            List<AppendResult> results = events.stream()
                    .<AppendResult>map(
                            event -> new AppendResult.Appended(event.content().id(), Optional.empty(), false))
                    .toList();
            return Future.succeededFuture((A) new OwnerAnswer.Results(results));
        }
    }
}
