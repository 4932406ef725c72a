package dev.hubbub.ops;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.WireType;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the operators' listener of one node asks those of all: each answers for itself.
 *
 * <p>Confined to the listener's event loop. One inbox for each node, {@code hub.ops.<node>}. Who does not answer within
 * {@value #ANSWER_MILLIS} ms is named and waited for no longer: a person waits.
 */
public final class NodeQuestions {
    private static final Logger log = LoggerFactory.getLogger(NodeQuestions.class);
    private static final long ANSWER_MILLIS = 2_000;

    private final Bus bus;
    private final String node;
    private final Supplier<Set<String>> nodes;
    private final Map<String, Function<JsonObject, Future<JsonObject>>> answers = new HashMap<>();

    /**
     * Creates the questions of a node.
     *
     * @param nodes the names of all nodes
     */
    public NodeQuestions(Bus bus, String node, Supplier<Set<String>> nodes) {
        this.bus = bus;
        this.node = node;
        this.nodes = nodes;
    }

    /** Returns how question and answer travel. */
    public static List<WireType<?>> wireTypes() {
        return NodeQuestion.wireTypes();
    }

    /** Says how this node answers; called before {@link #start}. */
    void on(String about, Function<JsonObject, Future<JsonObject>> answer) {
        answers.put(about, answer);
    }

    /** Begins to answer for this node, on the calling event loop. */
    public Future<Void> start() {
        return bus.answer(
                        Reach.CLUSTER,
                        inbox(node),
                        NodeQuestion.class,
                        question -> answer(question).map(NodeQuestion.Answer::new))
                .mapEmpty();
    }

    private static String inbox(String node) {
        return "hub.ops." + node;
    }

    private Future<JsonObject> answer(NodeQuestion question) {
        Function<JsonObject, Future<JsonObject>> known = answers.get(question.about());
        return known == null
                ? Future.failedFuture(new HubException(
                        ErrorCode.UNAVAILABLE, "this node runs a version that cannot tell: " + question.about()))
                : known.apply(question.with());
    }

    /** Returns this node's name. */
    String node() {
        return node;
    }

    /** Asks every node. */
    Future<Answers> ask(String about, JsonObject with) {
        return ask(nodes.get(), about, with);
    }

    /** Asks these nodes; fails when one refuses the question itself, such as a pattern that is none. */
    Future<Answers> ask(Set<String> whom, String about, JsonObject with) {
        Map<String, JsonObject> said = new LinkedHashMap<>();
        List<String> unanswered = new ArrayList<>();
        List<Future<Void>> all = new ArrayList<>();
        for (String other : new TreeSet<>(whom)) {
            all.add(askOne(other, about, with).transform(answer -> {
                if (answer.succeeded()) {
                    said.put(other, answer.result());
                } else if (isRefusal(answer.cause())) {
                    return Future.failedFuture(answer.cause());
                } else {
                    log.info(
                            "node did not answer node={} about={} reason={}",
                            other,
                            about,
                            answer.cause().getMessage());
                    unanswered.add(other);
                }
                return Future.succeededFuture();
            }));
        }
        return Future.all(all).map(done -> new Answers(said, unanswered));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof HubException known && !known.code().retryable();
    }

    /** Asks one node; fails as the bus does, or with what the node says is wrong. */
    Future<JsonObject> askOne(String other, String about, JsonObject with) {
        NodeQuestion question = new NodeQuestion(about, with);
        if (other.equals(node)) {
            return answer(question).timeout(ANSWER_MILLIS, MILLISECONDS);
        }
        return bus.<NodeQuestion.Answer>ask(Reach.CLUSTER, inbox(other), question)
                .timeout(ANSWER_MILLIS, MILLISECONDS)
                .map(NodeQuestion.Answer::said);
    }

    /** Tells whether the cluster lists a node. */
    boolean knows(String other) {
        return nodes.get().contains(other);
    }

    /**
     * What the nodes said.
     *
     * @param of their answers, by node
     * @param unanswered who did not answer in time
     */
    record Answers(Map<String, JsonObject> of, List<String> unanswered) {

        /** Returns how many were asked, and who did not answer. */
        JsonObject nodes() {
            return new JsonObject()
                    .put("asked", of.size() + unanswered.size())
                    .put("unanswered", new JsonArray(List.copyOf(unanswered)));
        }

        /** Returns the objects of a list that every answer has. */
        List<JsonObject> all(String list) {
            return of.values().stream()
                    .flatMap(answer -> answer.getJsonArray(list, new JsonArray()).stream())
                    .map(JsonObject.class::cast)
                    .toList();
        }
    }
}
