package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node is killed under load: on every living one what was owed is what was delivered plus what is declared lost. */
class AccountsAfterKillTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void theBooksOfTheLivingNodesAddUp() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            List<String> addresses = ClusterUnderTest.addresses(12);
            cluster.subscribe(18, 4, addresses);
            cluster.publish(3, 120, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 300);
            cluster.node(0).kill();
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await("the load goes on", 20_000, () -> cluster.recorder().acknowledged() > before + 300);
            cluster.assertClean("one node killed", cluster.settle(30_000), false);
            for (int node = 1; node <= 2; node++) {
                String metrics = metrics(cluster.plan().nodes().get(node).ops());
                double owed = sum(metrics, "hubbub_events_owed_total{delivery=\"log\"");
                double delivered = sum(metrics, "hubbub_events_delivered_total{delivery=\"log\"");
                double lost = sum(metrics, "hubbub_events_lost_total{delivery=\"log\"");
                double pending = sum(metrics, "hubbub_events_pending{delivery=\"log\"");
                System.out.printf(
                        "node %d owed %.0f delivered %.0f lost %.0f pending %.0f%n",
                        node, owed, delivered, lost, pending);
                assertThat(owed).isEqualTo(delivered + lost + pending);
                assertThat(pending).isZero();
                assertThat(delivered).isPositive();
                assertThat(sum(metrics, "hubbub_events_lost_total{delivery=\"log\",reason=\"unexplained\""))
                        .isZero();
            }
        }
    }

    private String metrics(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .header("X-API-Key", ClusterPlan.API_KEY)
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static double sum(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
