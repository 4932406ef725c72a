package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import org.junit.jupiter.api.Test;

/** A publisher that does not get its answer, and asks again elsewhere. */
class LostReplyTest {
    private NetClient client; // kept, or the garbage collector would close it

    @Test
    void aRetryThroughAnotherNodeIsTheSameEventAtTheSamePlace() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            client = cluster.vertx().createNetClient();
            int proxy = ClusterUnderTest.get(silentProxy(cluster, 0));
            JsonObject body = new JsonObject()
                    .put("address", "room:1")
                    .put(
                            "event",
                            new JsonObject()
                                    .put("id", "payment-1")
                                    .put("type", "paid")
                                    .put("payload", new JsonObject().put("cents", 995)));
            Future<JsonObject> unanswered = publish(cluster, proxy, body);
            cluster.await("the first try is in the log", 20_000, () -> unanswered.isComplete());
            assertThat(unanswered.failed()).as("the reply was lost").isTrue();
            JsonObject again = ClusterUnderTest.get(
                    publish(cluster, cluster.plan().nodes().get(1).http(), body));
            JsonObject once = ClusterUnderTest.get(
                    publish(cluster, cluster.plan().nodes().get(2).http(), body));
            JsonObject log = cluster.api(2, "/addresses/room:1/events");
            System.out.println("after a lost reply: " + again.encode());
            assertThat(again.getBoolean("duplicate")).isTrue();
            assertThat(once.getString("position")).isEqualTo(again.getString("position"));
            assertThat(log.getJsonArray("events")).hasSize(1);
            assertThat(log.getJsonArray("events").getJsonObject(0).getString("position"))
                    .isEqualTo(again.getString("position"));
        }
    }

    private static Future<JsonObject> publish(ClusterUnderTest cluster, int port, JsonObject body) {
        return cluster.http()
                .request(HttpMethod.POST, port, "127.0.0.1", "/api/v1/publish")
                .compose(request -> send(request, body))
                .map(JsonObject::new);
    }

    private static Future<io.vertx.core.buffer.Buffer> send(HttpClientRequest request, JsonObject body) {
        return request.putHeader("X-API-Key", ClusterPlan.API_KEY)
                .putHeader("Content-Type", "application/json")
                .send(body.encode())
                .compose(response -> response.body());
    }

    /** Passes requests on to a node, and hangs up when the first byte of an answer comes. */
    private Future<Integer> silentProxy(ClusterUnderTest cluster, int node) {
        NetServer server = cluster.vertx().createNetServer();
        return server.connectHandler(in -> {
                    in.pause();
                    client.connect(cluster.plan().nodes().get(node).http(), "127.0.0.1")
                            .onSuccess(out -> {
                                in.handler(bytes -> out.write(bytes).onFailure(failure -> hangUp(in)));
                                out.handler(answer -> hangUp(in));
                                in.resume();
                            })
                            .onFailure(failure -> hangUp(in));
                })
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort);
    }

    private static void hangUp(NetSocket socket) {
        socket.close().onFailure(failure -> System.err.println("closed already: " + failure.getMessage()));
    }
}
