package dev.hubbub.config;

import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.config.ReplayConfig.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the whole file; each section by its keys, then what sections must agree on. */
final class HubConfigReader {

    private HubConfigReader() {}

    static HubConfig read(SectionReader hub) {
        SectionReader http = hub.section("http");
        SectionReader ops = hub.section("ops");
        SectionReader cluster = hub.section("cluster");
        SectionReader replay = hub.section("replay");
        HubConfig config = new HubConfig(
                http(http),
                ops(ops),
                drain(hub.section("drain")),
                AuthReader.read(hub.section("auth")),
                cluster(cluster),
                replay(replay, cluster.flag("enabled")),
                trace(hub.section("trace")),
                limits(hub.section("limits")),
                hub.folder("events"),
                AddressRuleReader.read(hub.sections("addresses")),
                TelemetryReader.log(hub.section("log")),
                TelemetryReader.tracing(hub.section("tracing")));
        refuseSharedPorts(config, http, ops);
        if (config.cluster().enabled()) {
            MemberPorts.check(config, http, ops, cluster);
        }
        refuseUnfitStore(config, cluster, replay);
        hub.done();
        return config;
    }

    private static HttpConfig http(SectionReader http) {
        HttpConfig config = new HttpConfig(
                http.text("host"),
                http.integer("port"),
                http.texts("origins"),
                http.optionalSection("tls").map(HubConfigReader::tls),
                AddressRange.read(http, "proxies"));
        http.done();
        return config;
    }

    private static HttpConfig.Tls tls(SectionReader tls) {
        Path none = Path.of("");
        HttpConfig.Tls config = new HttpConfig.Tls(
                tls.file("certificate").orElse(none), tls.file("key").orElse(none));
        tls.done();
        return config;
    }

    private static OpsConfig ops(SectionReader ops) {
        OpsConfig config = new OpsConfig(ops.text("host"), ops.integer("port"));
        ops.done();
        return config;
    }

    private static TraceConfig trace(SectionReader trace) {
        TraceConfig config = new TraceConfig(trace.integer("entries"), trace.duration("for"));
        trace.done();
        return config;
    }

    private static DrainConfig drain(SectionReader drain) {
        DrainConfig config =
                new DrainConfig(drain.duration("within"), drain.duration("limit"), drain.integer("accepts"));
        if (drain.isSound("within") && drain.isSound("limit") && config.within().compareTo(config.limit()) >= 0) {
            drain.fault(
                    drain.has("limit") ? "limit" : "within",
                    "the node must have time left when its sockets are gone, but within is " + drain.text("within")
                            + " and limit is " + drain.text("limit"));
        }
        drain.done();
        return config;
    }

    private static ClusterConfig cluster(SectionReader cluster) {
        ClusterConfig config = new ClusterConfig(
                cluster.flag("enabled"),
                cluster.text("name"),
                cluster.integer("port"),
                cluster.texts("join"),
                cluster.integer("backups"),
                cluster.integer("minimumNodes"),
                network(cluster));
        if (cluster.has("join") && cluster.has("dns")) {
            cluster.refuse("dns", "only one of join and dns may be given, and join is there");
        }
        cluster.done();
        return config;
    }

    private static ClusterConfig.Network network(SectionReader cluster) {
        int busPort = cluster.has("busPort")
                ? cluster.integer("busPort")
                : cluster.integer("port") + ClusterConfig.BUS_PORT_DISTANCE;
        return new ClusterConfig.Network(
                cluster.optionalText("host"),
                busPort,
                cluster.optionalText("dns"),
                cluster.optionalText("secret"),
                cluster.optionalSection("tls").map(HubConfigReader::clusterTls),
                cluster.has("name"));
    }

    private static ClusterConfig.Tls clusterTls(SectionReader tls) {
        Path none = Path.of("");
        ClusterConfig.Tls config = new ClusterConfig.Tls(
                tls.file("certificate").orElse(none),
                tls.file("key").orElse(none),
                tls.file("ca").orElse(none));
        tls.done();
        return config;
    }

    private static ReplayConfig replay(SectionReader replay, boolean clustered) {
        SectionReader redis = replay.section("redis");
        String url = redis.parsed("url", text -> AuthReader.url(text, Set.of("redis", "rediss")))
                .map(URI::toString)
                .orElse("");
        ReplayConfig config = new ReplayConfig(
                replay.optionalChoice("store", Store.class).orElse(clustered ? Store.HAZELCAST : Store.MEMORY),
                url,
                replay.size("maxBytes"));
        redis.done();
        replay.done();
        return config;
    }

    private static LimitsConfig limits(SectionReader limits) {
        SectionReader rate = limits.section("rate");
        int burst = rate.integer("burst");
        Rate messages = rate.parsed("messages", text -> Quantity.rate(text, burst))
                .orElseGet(() -> new Rate(0, Duration.ZERO, burst));
        LimitsConfig config = new LimitsConfig(
                limits.integer("connections"),
                limits.integer("connectionsPerUser"),
                limits.integer("connectionsPerIp"),
                limits.integer("subscriptions"),
                Math.toIntExact(limits.size("frame")),
                messages,
                Math.toIntExact(limits.size("pending")),
                node(limits));
        boolean sound = limits.isSound("pending") && limits.isSound("frame");
        if (sound && config.pendingBytes() < config.frameBytes()) {
            limits.fault(
                    limits.has("pending") ? "pending" : "frame",
                    "pending must hold at least one frame, but pending is " + limits.text("pending") + " and frame is "
                            + limits.text("frame"));
        }
        rate.done();
        limits.done();
        return config;
    }

    private static LimitsConfig.Node node(SectionReader limits) {
        OptionalLong memory = limits.has("memory") ? OptionalLong.of(limits.size("memory")) : OptionalLong.empty();
        return new LimitsConfig.Node(
                memory,
                perTime(limits, "handshakes", LimitsConfig.Node.HANDSHAKE_PERIODS),
                perTime(limits, "resumes", 1),
                perTime(limits, "requests", LimitsConfig.Node.HANDSHAKE_PERIODS));
    }

    private static Rate perTime(SectionReader limits, String key, int burstPeriods) {
        Rate rate = limits.parsed(key, text -> Quantity.rate(text, 1)).orElseGet(() -> new Rate(1, Duration.ZERO, 1));
        long burst = Math.min(Integer.MAX_VALUE, (long) rate.messages() * burstPeriods);
        return new Rate(rate.messages(), rate.per(), (int) burst);
    }

    private static void refuseSharedPorts(HubConfig config, SectionReader http, SectionReader ops) {
        if (!http.isSound("port") || !ops.isSound("port")) {
            return;
        }
        if (config.http().port() != 0 && config.http().port() == config.ops().port()) {
            (ops.has("port") ? ops : http)
                    .fault("port", config.ops().port() + " is taken twice: http.port and ops.port must differ");
        }
    }

    private static void refuseUnfitStore(HubConfig config, SectionReader cluster, SectionReader replay) {
        if (!cluster.isSound("enabled")) {
            return;
        }
        boolean clustered = config.cluster().enabled();
        if (clustered && config.replay().store() == Store.MEMORY) {
            replay.fault("store", "memory is for one node, but cluster.enabled is true (expected hazelcast or redis)");
        }
        if (!clustered && config.replay().store() == Store.HAZELCAST) {
            replay.fault(
                    "store",
                    "hazelcast keeps logs in the cluster's memory, but cluster.enabled is false (expected memory or"
                            + " redis, or enable the cluster)");
        }
        if (!clustered && config.cluster().minimumNodes() > 1) {
            cluster.fault(
                    "minimumNodes",
                    config.cluster().minimumNodes() + " nodes never meet while cluster.enabled is false (expected 1)");
        }
    }
}
