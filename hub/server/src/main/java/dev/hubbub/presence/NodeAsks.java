package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Questions to nodes; those to a node that leaves fail at once, instead of at their deadline.
 *
 * <p>Confined to one event loop. Holds the questions under way; who asks bounds them.
 */
final class NodeAsks {
    private final Bus bus;
    private final String self;
    private final Map<String, Set<Promise<?>>> waiting = new HashMap<>();

    NodeAsks(Bus bus, String self) {
        this.bus = bus;
        this.self = self;
    }

    <A> Future<A> ask(String node, PresenceMessage question) {
        Promise<A> answer = Promise.promise();
        Set<Promise<?>> others = waiting.computeIfAbsent(node, n -> new LinkedHashSet<>());
        others.add(answer);
        PresenceInbox.<A>ask(bus, self, node, question).onComplete(done -> {
            others.remove(answer);
            if (others.isEmpty()) {
                waiting.remove(node, others);
            }
            if (done.succeeded()) {
                answer.tryComplete(done.result());
            } else {
                answer.tryFail(done.cause());
            }
        });
        return answer.future();
    }

    /** Fails what was asked of nodes that are gone. */
    void gone(Set<String> nodes) {
        for (String left : nodes) {
            Set<Promise<?>> lost = waiting.remove(left);
            if (lost != null) {
                HubException why = new HubException(ErrorCode.UNAVAILABLE, "the node that was asked has left");
                Set.copyOf(lost).forEach(promise -> promise.tryFail(why));
            }
        }
    }
}
