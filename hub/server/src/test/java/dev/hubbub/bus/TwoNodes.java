package dev.hubbub.bus;

import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import dev.hubbub.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Two clustered Vert.x in this process, on loopback ports that were free. */
public final class TwoNodes implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int SECONDS = 60;

    private final Vertx first;
    private final Vertx second;

    private TwoNodes(Vertx first, Vertx second) {
        this.first = first;
        this.second = second;
    }

    /** Starts both, of a cluster that nobody else can be in. */
    public static TwoNodes start() throws Exception {
        return start(0);
    }

    /**
     * Starts both.
     *
     * @param toldPort where the second says that its bus is, whether it is there or not; 0 for the truth
     */
    static TwoNodes start(int toldPort) throws Exception {
        String name = "test-" + UUID.randomUUID();
        List<Integer> ports = freePorts();
        Vertx one = member(name, ports, 0, 0);
        try {
            return new TwoNodes(one, member(name, ports, 1, toldPort));
        } catch (Exception e) {
            end(one.close());
            throw e;
        }
    }

    private static Vertx member(String name, List<Integer> ports, int place, int toldPort) throws Exception {
        Config config = new Config()
                .setClusterName(name)
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .addMultiMapConfig(new MultiMapConfig("__vertx.subs").setValueCollectionType("SET"));
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(ports.get(place)).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(LOOPBACK);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        ports.forEach(port -> config.getNetworkConfig()
                .getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .addMember(LOOPBACK + ":" + port));
        EventBusOptions bus = new EventBusOptions()
                .setHost(LOOPBACK)
                .setClusterPublicHost(LOOPBACK)
                .setConnectTimeout(3_000);
        if (toldPort > 0) {
            bus.setClusterPublicPort(toldPort);
        }
        return await(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(new HazelcastClusterManager(config))
                .buildClustered());
    }

    private static List<Integer> freePorts() throws IOException {
        return List.of(FreePorts.one(), FreePorts.one());
    }

    /** Returns the first node's Vert.x. */
    public Vertx first() {
        return first;
    }

    /** Returns the second node's Vert.x. */
    public Vertx second() {
        return second;
    }

    /** Waits for a result, with a deadline. */
    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    static void end(Future<?> future) throws Exception {
        var unused = await(future);
    }

    @Override
    public void close() {
        // The second may be closed already: closing again does nothing.
        var unused = second.close()
                .eventually(first::close)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
