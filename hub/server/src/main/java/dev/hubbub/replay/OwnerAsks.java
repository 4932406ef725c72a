package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Questions to owners; those to a node that leaves fail at once, instead of at their deadline.
 *
 * <p>Confined to one event loop. Holds the questions under way; who asks bounds them.
 */
final class OwnerAsks {
    private final Bus bus;
    private final String node;
    private final Map<String, Set<Promise<?>>> waiting = new HashMap<>();

    OwnerAsks(Bus bus, Ownership ownership) {
        this.bus = bus;
        this.node = ownership.node();
    }

    /** Returns how far a message to {@code other} has to go. */
    static Reach reach(String self, String other) {
        return self.equals(other) ? Reach.NODE : Reach.CLUSTER;
    }

    <A> Future<A> ask(String owner, OwnerQuestion question) {
        Promise<A> answer = Promise.promise();
        Set<Promise<?>> others = waiting.computeIfAbsent(owner, o -> new LinkedHashSet<>());
        others.add(answer);
        bus.<A>ask(reach(node, owner), ReplayInbox.ofOwner(owner), question).onComplete(done -> {
            others.remove(answer);
            if (others.isEmpty()) {
                waiting.remove(owner, others);
            }
            if (done.succeeded()) {
                answer.tryComplete(done.result());
            } else {
                answer.tryFail(done.cause());
            }
        });
        return answer.future();
    }

    /** Sends a message that has no answer. */
    void tell(String owner, OwnerQuestion message) {
        bus.tell(reach(node, owner), ReplayInbox.ofOwner(owner), message);
    }

    /** Fails what was asked of nodes that are gone. */
    void gone(Set<String> nodes) {
        for (String left : nodes) {
            Set<Promise<?>> lost = waiting.remove(left);
            if (lost != null) {
                HubException why = new HubException(
                        ErrorCode.UNAVAILABLE, "the node that was asked has left; what became of it is unknown");
                Set.copyOf(lost).forEach(promise -> promise.tryFail(why));
            }
        }
    }
}
