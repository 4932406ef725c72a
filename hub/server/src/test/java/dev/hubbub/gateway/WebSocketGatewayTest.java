package dev.hubbub.gateway;

import static dev.hubbub.gateway.TestGateway.await;
import static dev.hubbub.gateway.TestGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.gateway.TestGateway.Client;
import dev.hubbub.messaging.EventBatch;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real WebSockets on loopback, plain, in batch mode and with SockJS framing. */
class WebSocketGatewayTest {
    private static final String PLAIN = "/eventbus/websocket?access_token=alice";
    private static final String SOCKJS = "/eventbus/123/abcdefgh/websocket?access_token=alice";
    private static final String REGISTER = "{\"type\":\"register\",\"address\":\"room:1\",\"headers\":{}}";

    private final FakeHub hub = new FakeHub();
    private @Nullable TestGateway gateway;

    private TestGateway gateway() {
        TestGateway made = gateway;
        if (made == null) {
            made = new TestGateway(hub);
            gateway = made;
        }
        return made;
    }

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private Client subscribed(String uri, String register) {
        int before = hub.subscribed.size();
        Client client = gateway().connect(uri);
        client.say(register);
        eventually("subscribed", () -> hub.subscribed.size() > before);
        return client;
    }

    private void deliver(EventBatch... batches) {
        gateway().doOnLoop(() -> {
            for (EventBatch batch : batches) {
                hub.subscribed.forEach(
                        recipient -> assertThat(recipient.deliver(batch)).isTrue());
            }
        });
    }

    private static String quoted(String frame) {
        return "[" + io.vertx.core.json.Json.encode(frame) + "]";
    }

    @Test
    void pingIsAnsweredWithPong() {
        Client client = gateway().connect(PLAIN);
        client.say("{\"type\":\"ping\"}");
        assertThat(client.hears(1)).containsExactly("{\"type\":\"pong\"}");
    }

    @Test
    void plainClientGetsOneMessagePerEventInOrder() {
        Client client = subscribed(PLAIN, REGISTER);
        deliver(hub.batch("room:1", "a", "b"), hub.batch("room:1", "ç \" \\ 漢"));
        assertThat(client.hears(3))
                .containsExactly(
                        "{\"type\":\"rec\",\"address\":\"room:1\",\"headers\":{\"position\":\"E.1-n:1\"},\"body\":{\"text\":\"a\"}}",
                        "{\"type\":\"rec\",\"address\":\"room:1\",\"headers\":{\"position\":\"E.1-n:2\"},\"body\":{\"text\":\"b\"}}",
                        "{\"type\":\"rec\",\"address\":\"room:1\",\"headers\":{\"position\":\"E.1-n:3\"},\"body\":{\"text\":\"ç \\\" \\\\ 漢\"}}");
    }

    @Test
    void batchClientGetsTheFramesOfATurnInOneArray() {
        Client client = subscribed("/eventbus/websocket?batch=true&token=alice", "[" + REGISTER + "]");
        deliver(hub.batch("room:1", "a", "b"), hub.batch("room:2", "c"), hub.batch("room:3", "d".repeat(70_000)));
        deliver(hub.batch("room:1", "e"));
        List<String> heard = client.hears(3);
        io.vertx.core.json.JsonArray together = new io.vertx.core.json.JsonArray(heard.get(0));
        assertThat(together.stream()
                        .map(frame -> ((JsonObject) frame).getJsonObject("body").getString("text")))
                .containsExactly("a", "b", "c");
        assertThat(together.getJsonObject(2).getString("address")).isEqualTo("room:2");
        assertThat(new JsonObject(heard.get(1)).getJsonObject("body").getString("text"))
                .as("an array stays within 64 KiB if it can")
                .hasSize(70_000);
        assertThat(new JsonObject(heard.get(2)).getJsonObject("body").getString("text"))
                .isEqualTo("e");
    }

    @Test
    void sockJsClientGetsOpenThenEventsInFrames() {
        Client client = subscribed(SOCKJS, quoted(REGISTER));
        deliver(hub.batch("room:1", "ç \" \\ 漢", "b"));
        List<String> heard = client.hears(2);
        assertThat(heard.get(0)).isEqualTo("o");
        assertThat(heard.get(1)).startsWith("a[\"");
        io.vertx.core.json.JsonArray messages =
                new io.vertx.core.json.JsonArray(heard.get(1).substring(1));
        assertThat(messages).hasSize(2);
        assertThat(new JsonObject(messages.getString(0)).getJsonObject("body").getString("text"))
                .isEqualTo("ç \" \\ 漢");
    }

    @Test
    void largeEventsAreFramedWithTheLongHeaders() {
        Client plain = subscribed(PLAIN, REGISTER);
        Client sockJs = subscribed(SOCKJS, quoted(REGISTER));
        for (int size : List.of(10, 60, 125, 126, 127, 60_000, 65_535, 65_536, 200_000)) {
            deliver(hub.batch("room:1", "\"".repeat(size)));
        }
        List<String> heard = plain.hears(9);
        assertThat(new JsonObject(heard.get(8)).getJsonObject("body").getString("text"))
                .hasSize(200_000);
        assertThat(sockJs.hears(10).get(9)).hasSizeGreaterThan(200_000);
    }

    @Test
    void everySubscriberOfTheLoopGetsTheSameBatch() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(subscribed(i % 2 == 0 ? PLAIN : SOCKJS, i % 2 == 0 ? REGISTER : quoted(REGISTER)));
        }
        for (int i = 0; i < 50; i++) {
            deliver(hub.batch("room:1", "x" + i, "y" + i));
        }
        for (int i = 0; i < clients.size(); i++) {
            List<String> heard = clients.get(i).hears(i % 2 == 0 ? 100 : 51);
            assertThat(heard.get(heard.size() - 1)).contains("y49");
        }
    }

    @Test
    void badTokenAtTheHandshakeIsToldAndClosedWith4401() {
        Client client = gateway().connect("/eventbus/websocket?access_token=bad");
        assertThat(client.hears(1).get(0)).contains("NOT_LOGGED_IN");
        assertThat(client.closeCode()).isEqualTo(4401);
        eventually("counted out", () -> hub.calls.contains("closed"));
    }

    @Test
    void sockJsClientGetsItsCloseFrameFirst() {
        Client client = gateway().connect("/eventbus/123/abcdefgh/websocket?access_token=bad");
        List<String> heard = client.hears(3);
        assertThat(heard.get(1)).startsWith("a[").contains("NOT_LOGGED_IN");
        assertThat(heard.get(2)).isEqualTo("c[4401,\"the token is not valid\"]");
    }

    @Test
    void tokenMayComeAsBearerOrInTheFirstFrame() {
        Client bearer = gateway()
                .connect(new WebSocketConnectOptions()
                        .setURI("/eventbus/websocket")
                        .addHeader("Authorization", "Bearer alice"));
        bearer.say(REGISTER);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
        Client frame = gateway().connect("/eventbus/websocket");
        frame.say(REGISTER);
        frame.say(
                "{\"type\":\"send\",\"address\":\"hub.auth\",\"replyAddress\":\"r1\",\"body\":{\"token\":\"alice\"}}");
        List<String> heard = frame.hears(2);
        assertThat(new JsonObject(heard.get(0)))
                .isEqualTo(new JsonObject(
                        "{\"type\":\"err\",\"address\":\"room:1\",\"failureCode\":2,\"failureType\":\"NOT_LOGGED_IN\","
                                + "\"message\":\"log in first: send a token to hub.auth\",\"details\":{}}"));
        assertThat(new JsonObject(heard.get(1)).getString("address")).isEqualTo("r1");
        assertThat(new JsonObject(heard.get(1)).getJsonObject("body").getString("user"))
                .isEqualTo("alice");
    }

    @Test
    void frameThatIsTooLargeIsToldAndClosedWith4413() {
        hub.frameBytes = 1_000;
        for (int size : List.of(1_001, 2_000, 3_000, 5_000, 500_000)) {
            Client client = gateway().connect(PLAIN);
            client.say("x".repeat(size));
            assertThat(client.hears(1).get(0)).as("%d", size).contains("TOO_LARGE");
            assertThat(client.closeCode()).as("%d", size).isEqualTo(4413);
        }
    }

    @Test
    void fragmentsAreJoinedAndHeldToTheLimit() {
        hub.frameBytes = 1_000;
        Client client = gateway().connect(PLAIN);
        await(client.socket().writeFrame(WebSocketFrame.textFrame("", false)));
        await(client.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("{\"type\":"), false)));
        await(client.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("\"ping\"}"), true)));
        assertThat(client.hears(1)).containsExactly("{\"type\":\"pong\"}");
        await(client.socket().writeFrame(WebSocketFrame.textFrame("x".repeat(600), false)));
        await(client.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(600)), false)));
        assertThat(client.closeCode()).isEqualTo(4413);
    }

    @Test
    void binaryMessageIsRefusedAndTheConnectionStays() {
        Client client = gateway().connect(PLAIN);
        await(client.socket().writeBinaryMessage(Buffer.buffer(new byte[] {1, 2, 3})));
        assertThat(client.hears(1).get(0)).contains("BAD_FRAME").contains("base64");
        client.say("{\"type\":\"ping\"}");
        assertThat(client.hears(2).get(1)).isEqualTo("{\"type\":\"pong\"}");
    }

    @Test
    void clientThatClosesGetsItsCloseFrameBackAndIsForgotten() {
        Client client = subscribed(PLAIN, REGISTER);
        await(client.socket().close((short) 4000, "done"));
        assertThat(client.closeCode()).isEqualTo(4000);
        eventually("forgotten", () -> hub.calls.contains("close") && hub.calls.contains("closed"));
        assertThat(gateway().onLoop(() -> gateway().routes.count())).isZero();
    }

    @Test
    void clientThatDoesNotReadIsBoundedAndCatchesUpWhenItReads() {
        hub.pending = 100_000;
        Client client = subscribed(PLAIN, REGISTER);
        client.socket().pause();
        String big = "x".repeat(10_000);
        List<Integer> taken = new ArrayList<>();
        eventually(
                "refused",
                () -> gateway().onLoop(() -> {
                    boolean took = hub.subscribed.get(0).deliver(hub.batch("room:1", big));
                    taken.add(1);
                    return !took;
                }));
        long unsent = gateway().onLoop(() -> gateway().routes.unsentBytes());
        assertThat(unsent).isBetween(100_000L, 115_000L);
        assertThat(hub.calls).doesNotContain("drained");
        client.socket().resume();
        eventually("drained", () -> hub.calls.contains("drained"));
        assertThat(client.hears(taken.size() - 1)).hasSize(taken.size() - 1);
    }

    @Test
    void clientThatWasGivenTooMuchInOneTurnGoesOnAsSoonAsThatHasLeft() {
        hub.pending = 100_000;
        Client client = subscribed(PLAIN, REGISTER);
        boolean tookMore = gateway().onLoop(() -> {
            assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "x".repeat(110_000))))
                    .isTrue();
            return hub.subscribed.get(0).deliver(hub.batch("room:1", "one more"));
        });
        assertThat(tookMore).isFalse();
        eventually("drained", () -> hub.calls.contains("drained"));
        assertThat(client.hears(1)).hasSize(1);
    }

    @Test
    void whatIsDeliveredInOneTurnLeavesInOneFlush() {
        Client client = subscribed(PLAIN, REGISTER);
        int[] flushes = {0};
        gateway().doOnLoop(() -> {
            Session session = gateway().routes.loop().sessions().iterator().next();
            ((WebSocketTransport) session.socket()).netty().pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(ChannelHandlerContext netty) {
                    flushes[0]++;
                    netty.flush();
                }
            });
        });
        gateway().doOnLoop(() -> {
            IntStream.range(0, 20)
                    .forEach(i -> assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "e" + i)))
                            .isTrue());
        });
        assertThat(client.hears(20)).hasSize(20);
        assertThat(gateway().onLoop(() -> flushes[0])).isEqualTo(1);
    }

    @Test
    void leavingNodeTellsEverySocketAnotherWait() {
        List<Client> clients = List.of(
                gateway().connect(PLAIN), gateway().connect(PLAIN), gateway().connect(PLAIN));
        eventually("open", () -> gateway().onLoop(() -> gateway().routes.count()) == 3);
        gateway().doOnLoop(() -> {
            gateway().routes.closeAll(3_000);
        });
        for (Client client : clients) {
            assertThat(client.closeCode()).isEqualTo(1012);
        }
        assertThat(clients.stream().map(client -> client.socket().closeReason()))
                .containsExactlyInAnyOrder("reconnect in 1000 ms", "reconnect in 2000 ms", "reconnect in 3000 ms");
    }

    @Test
    void expiredTokenClosesWith4401() {
        hub.expiresAtMillis = System.currentTimeMillis() + 1_500;
        Client client = gateway().connect(PLAIN);
        assertThat(client.hears(1).get(0)).contains("NOT_LOGGED_IN").contains("expired");
        assertThat(client.closeCode()).isEqualTo(4401);
    }

    @Test
    void serverThatClosesSendsItsSocketsAway() {
        Client client = gateway().connect(PLAIN);
        eventually("open", () -> gateway().onLoop(() -> gateway().routes.count()) == 1);
        await(gateway().server.shutdown(5, java.util.concurrent.TimeUnit.SECONDS));
        assertThat(client.closeCode()).isEqualTo(1012);
    }
}
