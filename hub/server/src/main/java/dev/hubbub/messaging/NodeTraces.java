package dev.hubbub.messaging;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.trace.TraceMessage.Answer;
import dev.hubbub.trace.TraceMessage.Question;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of all event loops of all nodes, asked together.
 *
 * <p>A node that does not answer within {@value #ANSWER_MILLIS} ms is named, since what it knows is missing. Questions:
 * {@code {about:"event", id}}, {@code {about:"recipients", id, address, position, user, limit}} and
 * {@code {about:"recent", user, address, limit}}.
 */
public final class NodeTraces {
    private static final Logger log = LoggerFactory.getLogger(NodeTraces.class);
    private static final long ANSWER_MILLIS = 2_000;

    private final Bus bus;
    private final String node;
    private final Loops loops;

    /** Creates the door of a node. */
    public NodeTraces(MessagingLoop.World world) {
        this.bus = world.bus();
        this.node = world.node();
        this.loops = world.loops();
    }

    /** Returns the inbox of one loop. */
    static String inbox(String loop) {
        return loop + ".trace";
    }

    private static String nodeInbox(String node) {
        return "hub.trace." + node;
    }

    /** Begins to answer the other nodes, on the calling context. */
    public Future<Void> start() {
        return bus.answer(
                        Reach.CLUSTER,
                        nodeInbox(node),
                        Question.class,
                        question -> ofThisNode(question).map(Answer::new))
                .mapEmpty();
    }

    private Future<JsonObject> ofThisNode(Question question) {
        List<Future<Answer>> asked = loops.inboxes().stream()
                .map(inbox -> bus.<Answer>ask(inbox(inbox), question))
                .toList();
        return Future.all(asked).map(all -> {
            JsonArray answers = new JsonArray();
            all.<Answer>list().forEach(answer -> answers.add(answer.told()));
            return new JsonObject().put("loops", answers);
        });
    }

    /** Asks every loop of every node. */
    public Future<Answers> ask(JsonObject question) {
        List<String> asked = List.copyOf(new TreeSet<>(loops.nodes()));
        List<Future<Optional<JsonObject>>> answers =
                asked.stream().map(other -> ask(other, new Question(question))).toList();
        return Future.all(answers).map(all -> {
            List<LoopAnswer> told = new ArrayList<>();
            List<String> unanswered = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                String name = asked.get(i);
                Optional<JsonObject> answer = all.resultAt(i);
                answer.ifPresentOrElse(
                        known -> known.getJsonArray("loops", new JsonArray())
                                .forEach(loop -> told.add(new LoopAnswer(name, (JsonObject) loop))),
                        () -> unanswered.add(name));
            }
            return new Answers(told, asked.size(), unanswered);
        });
    }

    private Future<Optional<JsonObject>> ask(String other, Question question) {
        Future<JsonObject> answer = other.equals(node)
                ? ofThisNode(question)
                : bus.<Answer>ask(Reach.CLUSTER, nodeInbox(other), question).map(Answer::told);
        return answer.timeout(ANSWER_MILLIS, MILLISECONDS).map(Optional::of).otherwise(failure -> {
            log.info("node left out of a trace node={} reason={}", other, failure.getMessage());
            return Optional.empty();
        });
    }

    /**
     * What the loops know.
     *
     * @param told the answer of each loop
     * @param asked how many nodes were asked
     * @param unanswered those that did not answer
     */
    public record Answers(List<LoopAnswer> told, int asked, List<String> unanswered) {
        /** Copies the lists. */
        public Answers {
            told = List.copyOf(told);
            unanswered = List.copyOf(unanswered);
        }
    }

    /** What one loop of a node knows. */
    public record LoopAnswer(String node, JsonObject told) {}
}
