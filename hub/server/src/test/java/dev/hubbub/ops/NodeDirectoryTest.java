package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Bus;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NodeDirectoryTest {
    private static final long MOST_MILLIS = 4_000;

    private static JsonObject ready(String node) {
        return new JsonObject().put("node", node).put("state", "ready");
    }

    private static JsonObject unreachable(String node) {
        return new JsonObject().put("node", node).put("state", "unreachable");
    }

    private static JsonArray list(Map<String, Future<Object>> answers, Set<String> nodes) throws Exception {
        return new NodeDirectory(new AnsweringBus(answers), "n1", () -> nodes, () -> ready("n1"))
                .list()
                .toCompletionStage()
                .toCompletableFuture()
                .get(MOST_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    void everyNodeAnswersForItselfInTheOrderOfTheirNames() throws Exception {
        Map<String, Future<Object>> answers =
                Map.of("hub.status.n2", Future.succeededFuture(new NodeStatus(ready("n2"))));
        assertThat(list(answers, Set.of("n2", "n1"))).containsExactly(ready("n1"), ready("n2"));
    }

    @Test
    void aNodeThatIsSilentIsUnreachableInTwoSecondsAndHidesNobody() throws Exception {
        Map<String, Future<Object>> answers = Map.of(
                "hub.status.n2",
                Promise.promise().future(),
                "hub.status.n3",
                Future.succeededFuture(new NodeStatus(ready("n3"))));
        assertThat(list(answers, Set.of("n1", "n2", "n3")))
                .containsExactly(ready("n1"), unreachable("n2"), ready("n3"));
    }

    @Test
    void aNodeThatHasJustGoneIsUnreachable() throws Exception {
        Map<String, Future<Object>> answers = Map.of(
                "hub.status.n2", Future.failedFuture(new HubException(ErrorCode.UNAVAILABLE, "nobody has it open")));
        assertThat(list(answers, Set.of("n1", "n2"))).containsExactly(ready("n1"), unreachable("n2"));
    }

    /** A bus on which only questions are asked, and each inbox has one answer. */
    private record AnsweringBus(Map<String, Future<Object>> answers) implements Bus {
        @Override
        @SuppressWarnings("unchecked")
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            assertThat(reach).isEqualTo(Reach.CLUSTER);
            return (Future<A>) answers.getOrDefault(inbox, Future.failedFuture("no such inbox: " + inbox));
        }

        @Override
        public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void tell(Reach reach, String inbox, Object message) {
            throw new UnsupportedOperationException();
        }
    }
}
