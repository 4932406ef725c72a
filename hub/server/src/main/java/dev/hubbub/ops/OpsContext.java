package dev.hubbub.ops;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Explainer;
import dev.hubbub.messaging.Inspection;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.protocol.ConnectionId;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the operators' listener uses of the hub; the doors are those of the listener's own event loop.
 *
 * @param config the config in force
 * @param apiKeys the keys in force
 * @param verifier checks tokens as the config in force says
 * @param publisher for the publish command
 * @param subscriber for the tail command
 * @param connections for cutting
 * @param inspection for looking at connections and addresses
 * @param explainer for explanations
 * @param health what is known of the node
 * @param nodes the nodes of the cluster
 * @param questions asks the other nodes
 * @param tracer follows events
 * @param drain lets the node go
 * @param registry the meters
 * @param connectionIds names for tailing connections
 * @param clock the time
 */
public record OpsContext(
        Supplier<HubConfig> config,
        ApiKeys apiKeys,
        TokenVerifier verifier,
        Publisher publisher,
        Subscriber subscriber,
        Connections connections,
        Inspection inspection,
        Explainer explainer,
        NodeHealth health,
        NodeDirectory nodes,
        NodeQuestions questions,
        Tracer tracer,
        DrainControl drain,
        PrometheusMeterRegistry registry,
        Supplier<ConnectionId> connectionIds,
        Clock clock) {}
