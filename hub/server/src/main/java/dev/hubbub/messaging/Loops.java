package dev.hubbub.messaging;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.messaging.LoopQuestion.Audiences;
import dev.hubbub.messaging.LoopSubscriber.Audience;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every event loop that holds connections, of this node or of all nodes, asked together.
 *
 * <p>The inboxes are fixed when the node starts: {@code hub.gateway.<node>.<loop>} for events and the same with
 * {@code .ask} for questions, within the node; {@code hub.control.<node>} is where the other nodes ask all its loops.
 */
public final class Loops {
    private static final Logger log = LoggerFactory.getLogger(Loops.class);

    private final Bus bus;
    private final String node;
    private final Supplier<Set<String>> nodes;
    private final List<String> inboxes;

    /** Names the inboxes of {@code count} loops of a node that has no others. */
    public Loops(Bus bus, String node, int count) {
        this(bus, node, () -> Set.of(node), count);
    }

    /**
     * Names the inboxes of {@code count} loops.
     *
     * @param nodes the names of all nodes, this one included
     */
    public Loops(Bus bus, String node, Supplier<Set<String>> nodes, int count) {
        this.bus = bus;
        this.node = node;
        this.nodes = nodes;
        this.inboxes =
                IntStream.range(0, count).mapToObj(loop -> inbox(node, loop)).toList();
    }

    /** Returns the inboxes of this node's loops. */
    List<String> inboxes() {
        return inboxes;
    }

    /** Returns the names of all nodes. */
    Set<String> nodes() {
        return nodes.get();
    }

    /** Returns how many loops this node has. */
    public int count() {
        return inboxes.size();
    }

    static String inbox(String node, int loop) {
        return "hub.gateway." + node + "." + loop;
    }

    static String askInbox(String inbox) {
        return inbox + ".ask";
    }

    /** Returns the inbox for rosters and their changes. */
    static String presenceInbox(String inbox) {
        return inbox + ".presence";
    }

    /** Lets every loop judge its subscriptions by the rules that are in force now; ends when all have. */
    public Future<Void> judgeAll() {
        return this.<LoopQuestion.Closed>askAll(new LoopQuestion.JudgeAll()).mapEmpty();
    }

    /**
     * Sends every client of the node away with {@link dev.hubbub.protocol.CloseCode#GOING_AWAY}, and whoever still
     * comes. Asked again, the later question holds for who is left.
     *
     * @param windowMillis over how long they are closed, one after the other; 0 for all at once
     * @param spreadMillis the longest wait that a client is told; each is told another one
     * @return how many have to go; with a window of 0 all have been told then
     */
    public Future<Integer> sendAllAway(long windowMillis, long spreadMillis) {
        List<Future<LoopQuestion.Closed>> told = IntStream.range(0, inboxes.size())
                .mapToObj(loop -> bus.<LoopQuestion.Closed>ask(
                        askInbox(inboxes.get(loop)),
                        new LoopQuestion.SendAway(windowMillis, spreadMillis, loop, inboxes.size())))
                .toList();
        return Future.all(told)
                .map(all -> all.<LoopQuestion.Closed>list().stream()
                        .mapToInt(LoopQuestion.Closed::connections)
                        .sum());
    }

    /** Begins to answer the other nodes; called once, on the context that shall do it. */
    Future<Void> answerOthers() {
        return bus.answer(Reach.CLUSTER, controlInbox(node), LoopQuestion.class, this::answerFor)
                .mapEmpty();
    }

    private static String controlInbox(String node) {
        return "hub.control." + node;
    }

    /** Asks all loops of this node, and makes one answer of theirs. */
    private Future<Object> answerFor(LoopQuestion question) {
        if (question instanceof LoopQuestion.CountAudiences) {
            return this.<Audiences>askAll(question).map(all -> new Audiences(merge(all)));
        }
        if (question instanceof LoopQuestion.ListUser) {
            return this.<LoopQuestion.Entries>askAll(question)
                    .map(all -> new LoopQuestion.Entries(
                            all.stream().flatMap(one -> one.all().stream()).toList()));
        }
        return this.<LoopQuestion.Closed>askAll(question)
                .map(all -> new LoopQuestion.Closed(
                        all.stream().mapToInt(LoopQuestion.Closed::connections).sum()));
    }

    /**
     * Asks the loops of all nodes to do something.
     *
     * @return fails with {@code UNAVAILABLE} when a node does not answer; asking again is harmless
     */
    <A> Future<List<A>> askEverywhere(LoopQuestion question) {
        return gather(
                question,
                other -> this.<A>askNode(other, question)
                        .map(List::of)
                        .recover(failure -> Future.failedFuture(new HubException(
                                ErrorCode.UNAVAILABLE,
                                "not every node of the hub has answered, so this may hold on some only; try again"))));
    }

    /** Asks the loops of all nodes what they know; who does not answer is left out. */
    <A> Future<List<A>> lookEverywhere(LoopQuestion question) {
        return gather(
                question,
                other -> this.<A>askNode(other, question).map(List::of).otherwise(failure -> {
                    log.warn("node left out of an answer node={} reason={}", other, failure.getMessage());
                    return List.of();
                }));
    }

    private <A> Future<A> askNode(String other, LoopQuestion question) {
        return bus.ask(Reach.CLUSTER, controlInbox(other), question);
    }

    private <A> Future<List<A>> gather(LoopQuestion question, Function<String, Future<List<A>>> others) {
        List<Future<List<A>>> answers = new ArrayList<>();
        answers.add(askAll(question));
        nodes.get().stream().filter(other -> !other.equals(node)).map(others).forEach(answers::add);
        return Future.all(answers)
                .map(all -> all.<List<A>>list().stream().flatMap(List::stream).toList());
    }

    /** Counts who listens to the addresses that begin so, on all nodes. */
    Future<Map<Address, Audience>> audiences(String prefix) {
        return this.<Audiences>lookEverywhere(new LoopQuestion.CountAudiences(prefix))
                .map(Loops::merge);
    }

    private static Map<Address, Audience> merge(List<Audiences> answers) {
        Map<Address, Audience> merged = new HashMap<>();
        answers.forEach(
                answer -> answer.all().forEach((address, audience) -> merged.merge(address, audience, Loops::add)));
        return merged;
    }

    private static Audience add(Audience a, Audience b) {
        Set<String> users = new HashSet<>(a.users());
        users.addAll(b.users());
        return new Audience(a.subscribers() + b.subscribers(), users);
    }

    <A> Future<List<A>> askAll(LoopQuestion question) {
        List<Future<A>> answers = inboxes.stream()
                .map(inbox -> bus.<A>ask(askInbox(inbox), question))
                .toList();
        return Future.all(answers).map(all -> all.<A>list());
    }
}
