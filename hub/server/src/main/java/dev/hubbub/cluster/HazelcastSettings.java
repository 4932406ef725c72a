package dev.hubbub.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.InterfacesConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.replay.ReplayLog;
import java.util.Objects;

/**
 * What Hazelcast is told.
 *
 * <p>Only members speak on the member port: no clients, REST, memcache, multicast, code from elsewhere. A member that
 * is silent for {@value #SILENCE_SECONDS} s is taken for dead; a copy that does not answer within
 * {@value #BACKUP_MILLIS} ms makes an append a matter of doubt instead of a success. Sides of a split find each other
 * after {@value #MERGE_SECONDS} s; the smaller one gives up its logs, and clients that saw what was on it only are
 * told.
 *
 * <p>Open source Hazelcast has no TLS and no login for members: the network between nodes has to be private. The secret
 * and the authority of the bus's certificates are part of what members compare before they let each other in, which
 * keeps strangers apart but is no cryptography.
 */
final class HazelcastSettings {
    static final String LOGS = "hub.logs";
    static final String SUBSCRIPTIONS = "__vertx.subs";
    static final int SILENCE_SECONDS = 8;
    static final int BACKUP_MILLIS = 3_000;
    static final int MERGE_SECONDS = 5;
    private static final String PROTECTION = "hub.minimumNodes";
    private static final String BACKUPS = "hub.backups";
    private static final int MAP_BACKUPS = 2;

    private HazelcastSettings() {}

    /**
     * Makes the config of one member.
     *
     * @param host the address to bind, as numbers
     * @param token what members compare; empty text for none
     */
    static Config of(ClusterConfig cluster, String host, String token) {
        Config config = new Config();
        // Members let in whoever has the same cluster name; a digest in it is the only thing of theirs that they
        // compare.
        config.setClusterName(token.isEmpty() ? cluster.name() : cluster.name() + "-" + token);
        config.setAdvancedNetworkConfig(network(cluster, host));
        properties(config);
        config.getJetConfig().setEnabled(false);
        // Nobody reads Hazelcast's own metrics, and their collector cost the JVM's compiler seconds.
        config.getMetricsConfig().setEnabled(false);
        serialization(config);
        config.addMultiMapConfig(new MultiMapConfig(SUBSCRIPTIONS)
                .setBackupCount(MAP_BACKUPS)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(MAP_BACKUPS));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(MAP_BACKUPS));
        config.addMapConfig(logs(cluster));
        config.getUserContext().put(BACKUPS, cluster.backups());
        if (cluster.minimumNodes() > 1) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(PROTECTION, true, cluster.quorum())
                    .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
        }
        return config;
    }

    /** Returns how many copies of a log its member was told to keep; to be asked for each append, unlike a config. */
    static int backups(HazelcastInstance hazelcast) {
        return (Integer) Objects.requireNonNull(hazelcast.getUserContext().get(BACKUPS), "the hub starts every member");
    }

    private static AdvancedNetworkConfig network(ClusterConfig cluster, String host) {
        JoinConfig join = new JoinConfig();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        cluster.network()
                .dns()
                .ifPresentOrElse(
                        name -> join.getKubernetesConfig()
                                .setEnabled(true)
                                .setProperty("service-dns", name)
                                .setProperty("service-port", String.valueOf(cluster.port())),
                        () -> join.getTcpIpConfig()
                                .setEnabled(true)
                                .setConnectionTimeoutSeconds(3)
                                .setMembers(cluster.join()));
        ServerSocketEndpointConfig members = new ServerSocketEndpointConfig()
                .setPort(cluster.port())
                .setPortAutoIncrement(false)
                .setReuseAddress(true);
        members.setInterfaces(new InterfacesConfig().setEnabled(true).addInterface(host));
        return new AdvancedNetworkConfig().setEnabled(true).setJoin(join).setMemberEndpointConfig(members);
    }

    private static void properties(Config config) {
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.max.wait.seconds.before.join", "5");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", String.valueOf(SILENCE_SECONDS));
        config.setProperty("hazelcast.merge.first.run.delay.seconds", String.valueOf(MERGE_SECONDS));
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "3");
        config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
        config.setProperty("hazelcast.operation.backup.timeout.millis", String.valueOf(BACKUP_MILLIS));
        config.setProperty("hazelcast.operation.call.timeout.millis", "10000");
        config.setProperty("hazelcast.partition.table.send.interval", "2");
        config.setProperty("hazelcast.graceful.shutdown.max.wait", "20");
    }

    /**
     * Java's own serialization is let in for nothing but what Hazelcast itself sends: its failures, and arrays of
     * those.
     */
    private static void serialization(Config config) {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.setDefaultsDisabled(true);
        filter.getWhitelist().addPrefixes("com.hazelcast.", "java.lang.", "java.util.", "[");
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(filter)
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(LogProcessor.class)
                        .setImplementation(new LogSerializers.OfProcessor()))
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(EffectProcessor.class)
                        .setImplementation(new LogSerializers.OfEffect()))
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(ReplayLog.class)
                        .setImplementation(new LogSerializers.OfLog()));
    }

    private static MapConfig logs(ClusterConfig cluster) {
        MapConfig logs = new MapConfig(LOGS)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setBackupCount(cluster.backups())
                .setAsyncBackupCount(0)
                .setStatisticsEnabled(false)
                .setReadBackupData(false)
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), 100));
        if (cluster.minimumNodes() > 1) {
            logs.setSplitBrainProtectionName(PROTECTION);
        }
        return logs;
    }
}
