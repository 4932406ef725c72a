package dev.hubbub.ops;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.protocol.ConnectionId;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;

/**
 * What the operators' listener uses of the hub; the doors are those of the listener's own event loop.
 *
 * @param config the config in force
 * @param apiKeys the keys in force
 * @param publisher for the publish command
 * @param subscriber for the tail command
 * @param health what is known of the node
 * @param nodes the nodes of the cluster
 * @param tracer follows events
 * @param drain lets the node go
 * @param registry the meters
 * @param connectionIds names for tailing connections
 */
public record OpsContext(
        Supplier<HubConfig> config,
        ApiKeys apiKeys,
        Publisher publisher,
        Subscriber subscriber,
        NodeHealth health,
        NodeDirectory nodes,
        Tracer tracer,
        DrainControl drain,
        PrometheusMeterRegistry registry,
        Supplier<ConnectionId> connectionIds) {}
