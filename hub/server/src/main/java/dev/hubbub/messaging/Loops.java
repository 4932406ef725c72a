package dev.hubbub.messaging;

import dev.hubbub.bus.Bus;
import dev.hubbub.messaging.LoopQuestion.Audiences;
import dev.hubbub.messaging.LoopSubscriber.Audience;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.Replay.AddressFilter;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Every event loop of this node that holds connections, asked together.
 *
 * <p>The inboxes are fixed when the node starts: {@code hub.gateway.<node>.<loop>} for events and the same with
 * {@code .ask} for questions.
 */
public final class Loops {
    private final Bus bus;
    private final List<String> inboxes;

    /** Names the inboxes of {@code count} loops. */
    public Loops(Bus bus, String node, int count) {
        this.bus = bus;
        this.inboxes =
                IntStream.range(0, count).mapToObj(loop -> inbox(node, loop)).toList();
    }

    static String inbox(String node, int loop) {
        return "hub.gateway." + node + "." + loop;
    }

    static String askInbox(String inbox) {
        return inbox + ".ask";
    }

    /** Lets every loop judge its subscriptions by the rules that are in force now; ends when all have. */
    public Future<Void> judgeAll() {
        return this.<LoopQuestion.Closed>askAll(new LoopQuestion.JudgeAll()).mapEmpty();
    }

    /**
     * Sends every client of the node away with {@link dev.hubbub.protocol.CloseCode#GOING_AWAY}, and whoever still
     * comes.
     *
     * @param spreadMillis the longest wait that a client is told; each is told another one
     * @return how many were sent away, once all have been told
     */
    public Future<Integer> sendAllAway(long spreadMillis) {
        List<Future<LoopQuestion.Closed>> told = IntStream.range(0, inboxes.size())
                .mapToObj(loop -> bus.<LoopQuestion.Closed>ask(
                        askInbox(inboxes.get(loop)), new LoopQuestion.SendAway(spreadMillis, loop, inboxes.size())))
                .toList();
        return Future.all(told)
                .map(all -> all.<LoopQuestion.Closed>list().stream()
                        .mapToInt(LoopQuestion.Closed::connections)
                        .sum());
    }

    Future<Map<Address, Audience>> audiences(AddressFilter wanted) {
        return this.<Audiences>askAll(new LoopQuestion.CountAudiences(wanted)).map(Loops::merge);
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
