package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of one node, and holds on all. */
class AllNodesTest {

    @Test
    void countsListsAndRevocationsGoOverAllNodes() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            List<String> addresses = ClusterUnderTest.addresses(2);
            cluster.subscribe(6, 2, addresses);

            JsonObject counts = cluster.api(0, "/addresses/room:1");
            assertThat(counts.getInteger("subscribers")).isEqualTo(6);
            assertThat(counts.getInteger("users")).isEqualTo(6);
            for (int user = 0; user < 3; user++) {
                assertThat(cluster.api(2, "/users/user" + user + "/connections").getJsonArray("connections"))
                        .hasSize(1);
            }
            assertThat(cluster.ops(1, "/ops/v1/nodes").getJsonArray("nodes"))
                    .hasSize(3)
                    .allMatch(node -> ((JsonObject) node).getString("state").equals("ready"));

            JsonObject cut = post(cluster, 0, "/users/user1/disconnect");
            assertThat(cut.getInteger("disconnected", cut.getInteger("closed", -1)))
                    .isEqualTo(1);
        }
    }

    private static JsonObject post(ClusterUnderTest cluster, int node, String path) {
        ClusterPlan.Place place = cluster.plan().nodes().get(node);
        return ClusterUnderTest.get(cluster.http()
                .request(HttpMethod.POST, place.http(), place.publicHost(), "/api/v1" + path)
                .compose(request ->
                        request.putHeader("X-API-Key", ClusterPlan.API_KEY).send())
                .compose(response -> response.body())
                .map(JsonObject::new));
    }
}
