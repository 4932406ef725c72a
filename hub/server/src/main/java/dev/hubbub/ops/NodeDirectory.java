package dev.hubbub.ops;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every node of the cluster how it is; each node answers for itself.
 *
 * <p>One that does not answer within {@value #ANSWER_MILLIS} ms is listed as {@code unreachable}: a person waits.
 */
public final class NodeDirectory {
    private static final Logger log = LoggerFactory.getLogger(NodeDirectory.class);

    private static final long ANSWER_MILLIS = 2_000;

    private final Bus bus;
    private final String node;
    private final Supplier<Set<String>> nodes;
    private final Supplier<JsonObject> status;

    /**
     * Creates the directory of a node.
     *
     * @param nodes the names of all nodes
     * @param status what this node says of itself
     */
    public NodeDirectory(Bus bus, String node, Supplier<Set<String>> nodes, Supplier<JsonObject> status) {
        this.bus = bus;
        this.node = node;
        this.nodes = nodes;
        this.status = status;
    }

    private static String inbox(String node) {
        return "hub.status." + node;
    }

    /** Begins to answer for this node. */
    public Future<Void> start() {
        return bus.answer(
                        Reach.CLUSTER,
                        inbox(node),
                        NodeStatus.Question.class,
                        question -> Future.succeededFuture(new NodeStatus(status.get())))
                .mapEmpty();
    }

    /** Asks all nodes; one that does not answer is listed as {@code unreachable}. */
    public Future<JsonArray> list() {
        List<Future<JsonObject>> answers =
                new TreeSet<>(nodes.get()).stream().map(this::ask).toList();
        return Future.all(answers).map(all -> new JsonArray(all.<JsonObject>list()));
    }

    private Future<JsonObject> ask(String other) {
        if (other.equals(node)) {
            return Future.succeededFuture(status.get());
        }
        return bus.<NodeStatus>ask(Reach.CLUSTER, inbox(other), new NodeStatus.Question())
                .timeout(ANSWER_MILLIS, MILLISECONDS)
                .map(NodeStatus::told)
                .otherwise(failure -> {
                    log.info("node did not answer node={} reason={}", other, failure.getMessage());
                    return new JsonObject().put("node", other).put("state", "unreachable");
                });
    }

    /** Returns what else the same nodes can be asked. */
    public NodeQuestions questions() {
        return new NodeQuestions(bus, node, nodes);
    }

    /** Returns this node's name. */
    public String node() {
        return node;
    }
}
