package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.FreePorts;
import dev.hubbub.attack.Attack;
import dev.hubbub.config.ClusterConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node says on the bus is heard by nodes with a certificate of the same authority, and by nobody else. */
class ClusterTlsTest {
    private static final long ANSWER_MILLIS = 3_000;

    private final List<ClusterNode> nodes = new ArrayList<>();

    private static ClusterConfig.Tls one;
    private static ClusterConfig.Tls two;
    private static ClusterConfig.Tls stranger;

    private Ports first;
    private Ports second;

    /** Once for all tests: keytool takes half a second for each step. */
    @BeforeAll
    static void issue(@TempDir Path folder) throws Exception {
        NodeAuthority ours = NodeAuthority.in(folder.resolve("ours"));
        one = ours.issue("one");
        two = ours.issue("two");
        stranger = NodeAuthority.in(folder.resolve("theirs")).issue("stranger");
    }

    @BeforeEach
    void choosePorts() throws IOException {
        first = new Ports(FreePorts.one(), FreePorts.one());
        second = new Ports(FreePorts.one(), FreePorts.one());
    }

    @AfterEach
    void leave() throws Exception {
        for (ClusterNode node : nodes) {
            await(node.vertx().close());
        }
    }

    private record Ports(int member, int bus) {}

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private ClusterNode join(Ports own, Ports other, ClusterConfig.Tls tls) throws Exception {
        ClusterConfig.Network network = new ClusterConfig.Network(
                Optional.of("127.0.0.1"), own.bus(), Optional.empty(), Optional.empty(), Optional.of(tls));
        List<String> join = List.of("127.0.0.1:" + own.member(), "127.0.0.1:" + other.member());
        ClusterNode node = await(ClusterNode.join(
                new VertxOptions(), new ClusterConfig(true, "tls", own.member(), join, 1, 1, network)));
        nodes.add(node);
        return node;
    }

    /** Makes a node answer greetings, and counts those that reach it. */
    private static AtomicInteger greetings(ClusterNode node, String inbox) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        MessageConsumer<String> consumer = node.vertx().eventBus().consumer(inbox);
        consumer.handler(greeting -> {
            heard.incrementAndGet();
            greeting.reply("hello, " + greeting.body());
        });
        await(consumer.completion());
        return heard;
    }

    private static Future<String> greet(ClusterNode from, String inbox, String name) {
        return from.vertx()
                .eventBus()
                .<String>request(inbox, name, new DeliveryOptions().setSendTimeout(ANSWER_MILLIS))
                .map(Message::body);
    }

    private boolean isCutOff(NetClientOptions options) throws Exception {
        NetClient client = nodes.get(0).vertx().createNetClient(options);
        Future<NetSocket> connected = client.connect(first.bus(), "127.0.0.1");
        // With TLS 1.3 the server looks at the certificate after the client thinks that all is well.
        Future<Void> closed = connected.compose(socket -> {
            Promise<Void> end = Promise.promise();
            socket.closeHandler(end::tryComplete);
            return end.future().timeout(2, TimeUnit.SECONDS);
        });
        boolean open = await(closed.transform(
                end -> Future.succeededFuture(connected.succeeded() && end.cause() instanceof TimeoutException)));
        await(client.close());
        return !open;
    }

    @Test
    void nodesOfOneAuthorityTalk() throws Exception {
        ClusterNode nodeOne = join(first, second, one);
        ClusterNode nodeTwo = join(second, first, two);
        AtomicInteger twoHeard = greetings(nodeTwo, "two");
        AtomicInteger oneHeard = greetings(nodeOne, "one");

        assertThat(await(greet(nodeOne, "two", "one"))).isEqualTo("hello, one");
        assertThat(await(greet(nodeTwo, "one", "two"))).isEqualTo("hello, two");
        assertThat(List.of(oneHeard.get(), twoHeard.get())).containsExactly(1, 1);
    }

    @Test
    void aNodeThatHasTheAuthoritysFileButNoCertificateOfItNeitherHearsNorIsHeard() throws Exception {
        ClusterNode nodeOne = join(first, second, one);
        ClusterNode nodeStranger =
                join(second, first, new ClusterConfig.Tls(stranger.certificate(), stranger.key(), one.ca()));
        // What members compare is clear text, so it is a member; the certificates guard the bus.
        assertThat(nodeOne.ownership().nodes()).hasSize(2);
        AtomicInteger strangerHeard = greetings(nodeStranger, "stranger");
        AtomicInteger oneHeard = greetings(nodeOne, "one");

        assertThatThrownBy(() -> await(greet(nodeOne, "stranger", "one"))).hasRootCauseInstanceOf(ReplyException.class);
        assertThatThrownBy(() -> await(greet(nodeStranger, "one", "stranger")))
                .hasRootCauseInstanceOf(ReplyException.class);
        assertThat(List.of(strangerHeard.get(), oneHeard.get())).containsExactly(0, 0);
    }

    @Test
    @Attack("S41")
    void aNodeOfAnotherAuthorityStaysAlone() throws Exception {
        ClusterNode nodeOne = join(first, second, one);
        ClusterNode nodeStranger = join(second, first, stranger);

        assertThat(nodeOne.ownership().nodes()).hasSize(1);
        assertThat(nodeStranger.ownership().nodes()).hasSize(1);
    }

    @Test
    @Attack("S44")
    void whoConnectsToTheBusWithoutACertificateIsCutOff() throws Exception {
        assertThat(join(first, second, one).ownership().nodes()).hasSize(1);
        NetClientOptions options =
                new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");

        assertThat(isCutOff(options)).as("without a certificate").isTrue();
        options.setKeyCertOptions(new PemKeyCertOptions()
                .setCertPath(two.certificate().toString())
                .setKeyPath(two.key().toString()));
        assertThat(isCutOff(options)).as("with one").isFalse();
    }
}
