package dev.hubbub.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IndeterminateOperationStateException;
import dev.hubbub.bus.InboxRegistry;
import dev.hubbub.bus.Ownership;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.replay.ReplayStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * This process as a member of the cluster.
 *
 * <p>Closing its {@link #vertx()} leaves the cluster: what this node keeps is handed over first, as long as others are
 * there.
 */
public final class ClusterNode {
    private static final int PING_MILLIS = 1_000;
    private static final int PONG_MILLIS = 3_000;

    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final HazelcastOwnership ownership;
    private final LostPartitions lost;
    private final Registrations registrations;

    private ClusterNode(Vertx vertx, HazelcastClusterManager manager, HazelcastOwnership ownership) {
        this.vertx = vertx;
        this.hazelcast = manager.getHazelcastInstance();
        this.registrations = new Registrations(vertx, manager);
        this.ownership = ownership;
        this.lost = new LostPartitions(vertx);
    }

    /**
     * Joins the others, or waits for them as the first.
     *
     * <p>Looks up names and reads a file before it returns: call it on a thread that may wait.
     *
     * @param options for the clustered Vert.x that is made
     */
    public static Future<ClusterNode> join(VertxOptions options, ClusterConfig cluster) {
        try {
            String host = BindAddress.of(cluster);
            HazelcastClusterManager manager =
                    new HazelcastClusterManager(HazelcastSettings.of(cluster, host, token(cluster)));
            return Vertx.builder()
                    .with(options.setEventBusOptions(bus(cluster, host)))
                    .withClusterManager(manager)
                    .buildClustered()
                    .map(vertx -> joined(vertx, manager, cluster));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * Tells whether a join failed only because other nodes came or went in that moment, so that the next one may do.
     *
     * <p>The cluster manager writes who it is into a map with copies, and gives up when one does not answer in time.
     */
    public static boolean isPassing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IndeterminateOperationStateException) {
                return true;
            }
        }
        return false;
    }

    private static ClusterNode joined(Vertx vertx, HazelcastClusterManager manager, ClusterConfig cluster) {
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
        HazelcastOwnership ownership = new HazelcastOwnership(vertx, hazelcast, cluster.quorum());
        ownership.start();
        ClusterNode node = new ClusterNode(vertx, manager, ownership);
        node.lost.watch(hazelcast);
        return node;
    }

    private static EventBusOptions bus(ClusterConfig cluster, String host) {
        EventBusOptions options = new EventBusOptions()
                .setHost(host)
                .setPort(cluster.network().busPort())
                .setClusterPublicHost(host)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PONG_MILLIS)
                .setConnectTimeout(PONG_MILLIS);
        cluster.network()
                .tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setTrustAll(false) // the default is true
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString()))
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(tls.ca().toString())));
        return options;
    }

    /** What members compare before they let each other in: of the secret, and of the authority's certificate. */
    private static String token(ClusterConfig cluster) throws IOException {
        String secret = cluster.network().secret().orElse("");
        byte[] authority = cluster.network().tls().isEmpty()
                ? new byte[0]
                : Files.readAllBytes(cluster.network().tls().get().ca());
        return secret.isEmpty() && authority.length == 0 ? "" : digest(secret, authority);
    }

    private static String digest(String secret, byte[] authority) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(secret.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            return HexFormat.of().formatHex(sha.digest(authority));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the Vert.x that belongs to the cluster. */
    public Vertx vertx() {
        return vertx;
    }

    /** Returns who owns what. */
    public Ownership ownership() {
        return ownership;
    }

    /** Returns which part of all addresses this node owns now, from 0 to 1; never waits. */
    public double share() {
        return ownership.share();
    }

    /** Returns what keeps this node's inboxes known to the others. */
    public InboxRegistry inboxes() {
        return registrations;
    }

    /** Counts how often an inbox of this node had to be registered again. */
    public long registeredAgain() {
        return registrations.repeated();
    }

    /** Opens the replicated logs on the calling event loop; see {@link HazelcastReplayStore}. */
    public ReplayStore logs(long maxBytes) {
        return new HazelcastReplayStore(vertx, hazelcast, maxBytes);
    }

    /** Tells whether every log has all its copies where they belong, and nothing is on its way. */
    public Future<Boolean> isSafe() {
        return vertx.executeBlocking(() -> hazelcast.getPartitionService().isClusterSafe(), false);
    }

    /** Counts what the nodes have registered on the event bus. */
    public Future<Integer> registrations() {
        return vertx.executeBlocking(
                () -> hazelcast.getMultiMap(HazelcastSettings.SUBSCRIPTIONS).size(), false);
    }

    /** Counts the parts of the logs of which every copy was lost since this node joined. */
    public long lostPartitions() {
        return lost.total();
    }
}
