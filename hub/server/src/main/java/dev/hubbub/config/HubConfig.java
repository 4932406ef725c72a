package dev.hubbub.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything the operator said, checked; the tree of the config file.
 *
 * @param http the public listener
 * @param ops the operators' listener
 * @param drain how the node goes
 * @param auth who is believed
 * @param cluster how nodes find each other
 * @param replay where logs are kept
 * @param trace how much a node remembers of what became of events
 * @param limits what a connection and a node may use
 * @param events the folder of event contracts ({@code type@version.json}), resolved against the config file's folder
 * @param addresses the rules, in order: the first that matches decides
 * @param log what is written to the log
 * @param tracing which events become spans
 */
public record HubConfig(
        HttpConfig http,
        OpsConfig ops,
        DrainConfig drain,
        AuthConfig auth,
        ClusterConfig cluster,
        ReplayConfig replay,
        TraceConfig trace,
        LimitsConfig limits,
        Optional<Path> events,
        List<AddressRule> addresses,
        LogConfig log,
        TracingConfig tracing) {

    /** Copies the rules. */
    public HubConfig {
        addresses = List.copyOf(addresses);
    }

    /** Returns the same config with other credentials. */
    public HubConfig with(AuthConfig other) {
        return new HubConfig(http, ops, drain, other, cluster, replay, trace, limits, events, addresses, log, tracing);
    }
}
