package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import dev.hubbub.FreePorts;
import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.VertxBus;
import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireType;
import dev.hubbub.bus.WireTypes;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.config.ClusterConfig;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An inbox that is open stays known to the other nodes, whatever becomes of its registration. */
class KeptInboxesTest {
    private static final String INBOX = "hub.test.kept";
    private static final long DEADLINE_SECONDS = 30;

    private final String name = "kept-" + UUID.randomUUID();
    private final List<ClusterNode> nodes = new ArrayList<>();

    private record Word(String text) {}

    @BeforeEach
    void join() throws Exception {
        List<Integer> ports = List.of(FreePorts.pair(100), FreePorts.pair(100));
        nodes.add(join(ports, 0));
        nodes.add(join(ports, 1));
    }

    @AfterEach
    void leave() throws Exception {
        for (ClusterNode node : nodes) {
            await(node.vertx().close());
        }
    }

    private ClusterNode join(List<Integer> ports, int own) throws Exception {
        List<String> join = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        return await(ClusterNode.join(new VertxOptions(), new ClusterConfig(true, name, ports.get(own), join, 1, 1)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Bus busOf(ClusterNode node) {
        WireTypes types =
                new WireTypes(List.of(new WireType<>(90, Word.class, KeptInboxesTest::write, KeptInboxesTest::read)));
        return new VertxBus(node.vertx(), () -> "id", Duration.ofSeconds(5), types, node.inboxes());
    }

    private static void write(WireWriter out, Word word) {
        out.text(word.text());
    }

    private static Word read(WireReader in) {
        return new Word(in.text());
    }

    private static void open(Bus bus, AtomicInteger asked) throws Exception {
        Future<Bus.Inbox> opened = bus.answer(Reach.CLUSTER, INBOX, Word.class, word -> {
            asked.incrementAndGet();
            return Future.succeededFuture(new Word("yes"));
        });
        assertThat(await(opened)).isNotNull();
    }

    private static boolean isAnswered(Bus from) throws Exception {
        return await(from.<Word>ask(Reach.CLUSTER, INBOX, new Word("there?"))
                .transform(done -> Future.succeededFuture(done.succeeded())));
    }

    private void awaitRegisteredAgain() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (nodes.get(1).registeredAgain() == 0) {
            assertThat(System.nanoTime()).as("the inbox is registered again").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** As if a copy of the map had been lost, or had not been written. */
    private void forgetRegistration() {
        Hazelcast.getAllHazelcastInstances().stream()
                .filter(member -> member.getConfig().getClusterName().startsWith(name))
                .findFirst()
                .orElseThrow()
                .getMultiMap(HazelcastSettings.SUBSCRIPTIONS)
                .delete(INBOX);
    }

    @Test
    void anInboxThatTheClusterForgetsIsRegisteredAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Bus there = busOf(nodes.get(1));
        open(there, asked);
        Bus here = busOf(nodes.get(0));
        assertThat(isAnswered(here)).isTrue();

        forgetRegistration();
        awaitRegisteredAgain();

        int before = asked.get();
        // A node that has not asked before knows only what the map says.
        assertThat(isAnswered(busOf(nodes.get(0)))).isTrue();
        assertThat(asked.get()).as("one question is handled once").isEqualTo(before + 1);
    }

    @Test
    void aRegistrationThatFailsIsTriedAgainBeforeTheInboxCountsAsOpen() throws Exception {
        open(busOf(nodes.get(1)), new AtomicInteger());
        forgetRegistration();

        Future<Void> known =
                nodes.get(1).inboxes().keep(INBOX, Future.failedFuture(new IOException("no copy answered")));
        assertThat(await(known.map(true))).isTrue();

        assertThat(isAnswered(busOf(nodes.get(0)))).isTrue();
    }
}
