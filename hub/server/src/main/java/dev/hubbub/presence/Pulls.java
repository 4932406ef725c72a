package dev.hubbub.presence;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.presence.PresenceMessage.At;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every node what it has at some addresses.
 *
 * <p>Who does not answer within {@value #PATIENCE_MILLIS} ms is left out for now; what it says later counts as well.
 * Confined to one event loop.
 */
final class Pulls {
    static final long PATIENCE_MILLIS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    private final NodeAsks asks;
    private final Ownership ownership;
    private final EventLoop loop;
    private final PresenceMeters meters;

    Pulls(NodeAsks asks, Ownership ownership, EventLoop loop, PresenceMeters meters) {
        this.asks = asks;
        this.ownership = ownership;
        this.loop = loop;
        this.meters = meters;
    }

    /** Asks; ends when every member has answered, or time is over. */
    Future<Void> everywhere(List<Address> addresses, BiConsumer<Incarnation, At> taker) {
        PresenceMessage.Pull question = new PresenceMessage.Pull(addresses);
        Set<String> nodes = ownership.nodes();
        Set<String> missing = new HashSet<>(nodes);
        Promise<Void> done = Promise.promise();
        for (String node : nodes) {
            asks.<PresenceAnswer.Lists>ask(node, question).onComplete(answer -> {
                if (answer.succeeded()) {
                    answer.result()
                            .all()
                            .forEach(at -> taker.accept(answer.result().who(), at));
                    missing.remove(node);
                } else if (!ownership.nodes().contains(node)) {
                    missing.remove(node); // has left: nobody has to wait for it
                }
                if (missing.isEmpty()) {
                    done.tryComplete();
                }
            });
        }
        loop.after(PATIENCE_MILLIS, () -> {
            if (done.tryComplete()) {
                LOG.warn("presence_incomplete addresses={} missing={}", addresses.size(), missing);
                meters.incomplete();
            }
        });
        return done.future();
    }
}
