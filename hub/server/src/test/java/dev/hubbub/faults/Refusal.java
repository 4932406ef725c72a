package dev.hubbub.faults;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** What a node says to a publish that it cannot take. */
record Refusal(int status, String retryAfter, JsonObject body) {

    static Refusal of(ClusterUnderTest cluster, int node) {
        long until = System.nanoTime() + 15_000_000_000L;
        Refusal answer = ClusterUnderTest.get(ask(cluster, node));
        // Until the others are known to be gone a publish may still be on its way to them.
        while (answer.status() == 200 && System.nanoTime() < until) {
            answer = ClusterUnderTest.get(ask(cluster, node));
        }
        return answer;
    }

    static Refusal once(ClusterUnderTest cluster, int node) {
        return ClusterUnderTest.get(ask(cluster, node));
    }

    private static Future<Refusal> ask(ClusterUnderTest cluster, int node) {
        ClusterPlan.Place place = cluster.plan().nodes().get(node);
        JsonObject body = new JsonObject()
                .put("address", "room:refused")
                .put("event", new JsonObject().put("type", "said").put("payload", new JsonObject()));
        return cluster.http()
                .request(HttpMethod.POST, place.http(), place.publicHost(), "/api/v1/publish")
                .compose(request -> request.putHeader("X-API-Key", ClusterPlan.API_KEY)
                        .putHeader("Content-Type", "application/json")
                        .send(body.encode()))
                .compose(response -> response.body()
                        .map(answer -> new Refusal(
                                response.statusCode(),
                                String.valueOf(response.getHeader("Retry-After")),
                                new JsonObject(answer))));
    }
}
