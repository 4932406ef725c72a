package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.History;
import dev.hubbub.redis.RealRedis;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster whose Redis goes away for ten seconds. */
@Tag("long")
class RedisAwayTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void socketsStayPublishesAreRefusedAndItHealsByItself(boolean withItsData) throws Exception {
        try (RealRedis redis = RealRedis.start();
                ClusterUnderTest cluster = ClusterUnderTest.start(
                        ClusterPlan.onLoopback(3, 1, 2, "store: redis, redis: { url: \"" + redis.url() + "\" }"))) {
            List<String> addresses = ClusterUnderTest.addresses(16);
            cluster.subscribe(24, 4, addresses);
            cluster.publish(4, 200, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 500);

            redis.stop();
            Refusal refusal = Refusal.of(cluster, 1);
            long begin = System.nanoTime();
            Refusal second = Refusal.once(cluster, 1);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            ClusterUnderTest.pause(10_000);
            long degraded = cluster.onLoop(() -> cluster.subscribers().stream()
                    .flatMap(subscriber -> ClusterUnderTest.streamOf(subscriber.seen()))
                    .filter(seen -> seen.timesDegraded() > 0)
                    .count());
            long cuts = cluster.onLoop(() -> cluster.subscribers().stream()
                    .mapToLong(Subscriber::longestCutMillis)
                    .max()
                    .orElse(0));
            if (withItsData) {
                redis.startAgain();
            } else {
                redis.startEmpty();
            }
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            long back = System.nanoTime();
            cluster.await("it serves again", 30_000, () -> cluster.recorder().acknowledged() > before);
            long healed = (System.nanoTime() - back) / 1_000_000;
            cluster.await("the load goes on", 30_000, () -> cluster.recorder().acknowledged() > before + 300);
            History history = cluster.settle(60_000);
            System.out.println("Redis away for 10 s, back " + (withItsData ? "with" : "without") + " its data: refused "
                    + refusal.status() + " (Retry-After " + refusal.retryAfter() + ", again after " + millis
                    + " ms), degraded subscriptions " + degraded + " of 96, longest cut " + cuts + " ms, served again "
                    + healed + " ms after its return");
            cluster.assertClean("Redis away", history, !withItsData);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(second.status()).isEqualTo(503);
            assertThat(millis).isLessThan(3_000);
            assertThat(degraded).isEqualTo(96);
            assertThat(cuts).as("no socket was closed").isZero();
        }
    }
}
