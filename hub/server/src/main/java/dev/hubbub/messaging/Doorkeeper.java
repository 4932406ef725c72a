package dev.hubbub.messaging;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.auth.Revocations;
import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.config.AddressRule;
import dev.hubbub.messaging.DoorQuestion.Cuts;
import dev.hubbub.permission.PermissionRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes know together of who may be let in: revoked tokens, the connections of a user, and what other rules
 * would cut.
 *
 * <p>A revocation is told to all nodes at once, see {@link Connections#revoke}. Beside that each node asks each other
 * one every {@value #NEWS_MILLIS} ms what it has that is new: so a node that joins later, was cut off or missed it
 * knows the same a second later. A node that starts asks before it lets anybody in. What no node that runs knows is
 * forgotten: a cluster that stops as a whole begins without revocations.
 *
 * <p>One for a node; {@link #open} is called once, and its context answers the others. A node that does not answer in
 * time is passed over: it counts no connections, and is asked for its news again in the next round.
 */
public final class Doorkeeper {
    /** Between two rounds of news. */
    static final long NEWS_MILLIS = 1_000;

    /** How many subscriptions a dry run names at most. */
    public static final int MOST_CUTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);
    private static final long ANSWER_MILLIS = 2_000;
    /** A login waits no longer for another node. */
    private static final long COUNT_MILLIS = 250;
    /** A node that let a login wait is not asked for counts again for so long. */
    private static final long SILENT_MILLIS = 2_000;

    private static final int PAGE = 2_000;

    private final Bus bus;
    private final Loops loops;
    private final String node;
    private final Supplier<Set<String>> nodes;
    private final Clock clock;
    private final Revocations revocations = Revocations.standard();
    private final RequestRates requests;
    private final Map<String, Long> readUpTo = new HashMap<>(); // confined to the context that opened it
    private final Set<String> reading = new HashSet<>(); // confined to the context that opened it
    private final Map<String, Long> silentUntil = new ConcurrentHashMap<>();

    /**
     * Creates the doorkeeper of a node.
     *
     * @param nodes the names of all nodes, this one included
     */
    public Doorkeeper(Bus bus, Loops loops, String node, Supplier<Set<String>> nodes, Clock clock) {
        this.bus = bus;
        this.loops = loops;
        this.node = node;
        this.nodes = nodes;
        this.clock = clock;
        this.requests = new RequestRates(clock);
    }

    private static String inbox(String node) {
        return "hub.doorkeeper." + node;
    }

    /** Returns what was revoked; safe to use from every loop. */
    Revocations revocations() {
        return revocations;
    }

    /** Returns who has asked how often over HTTP; safe to use from every loop. */
    RequestRates requests() {
        return requests;
    }

    /**
     * Begins to answer the other nodes and to ask them; called once, on the context that shall do it.
     *
     * @param connectionsOf counts a user's connections of this node, on that context
     * @return ends when every other node has told its revocations, or had time to
     */
    Future<Void> open(Vertx vertx, ToIntFunction<String> connectionsOf) {
        return bus.answer(
                        Reach.CLUSTER,
                        inbox(node),
                        DoorQuestion.class,
                        question -> answer(vertx, question, connectionsOf))
                .compose(opened -> news())
                .onSuccess(known -> vertx.setPeriodic(
                        NEWS_MILLIS,
                        timer -> news().onFailure(failure -> log.warn("news of revocations failed", failure))));
    }

    private Future<Object> answer(Vertx vertx, DoorQuestion question, ToIntFunction<String> connectionsOf) {
        if (question instanceof DoorQuestion.CountUser count) {
            return Future.succeededFuture(new DoorQuestion.Counted(connectionsOf.applyAsInt(count.user())));
        }
        if (question instanceof DoorQuestion.RevocationsAfter after) {
            return Future.succeededFuture(new DoorQuestion.RevocationPage(revocations.after(after.number(), PAGE)));
        }
        DoorQuestion.WouldCut would = (DoorQuestion.WouldCut) question;
        // Compiling takes a while: not on the loop that lets connections in.
        return vertx.executeBlocking(() -> PermissionRules.ofAddresses(would.rules()), false)
                .compose(this::cutsHere)
                .map(cuts -> cuts);
    }

    private List<String> others() {
        return nodes.get().stream().filter(other -> !other.equals(node)).toList();
    }

    // ---- revocations

    private Future<Void> news() {
        List<String> others = others();
        readUpTo.keySet().retainAll(others);
        silentUntil.keySet().retainAll(others);
        List<Future<Void>> rounds = others.stream()
                .filter(reading::add)
                .map(other -> read(other)
                        .onComplete(done -> reading.remove(other))
                        .otherwise(failure -> {
                            log.debug("node told no revocations node={} reason={}", other, failure.getMessage());
                            return null;
                        }))
                .toList();
        return Future.join(rounds).mapEmpty();
    }

    private Future<Void> read(String other) {
        return bus.<DoorQuestion.RevocationPage>ask(
                        Reach.CLUSTER,
                        inbox(other),
                        new DoorQuestion.RevocationsAfter(readUpTo.getOrDefault(other, 0L)))
                .timeout(ANSWER_MILLIS, MILLISECONDS)
                .compose(answer -> learn(other, answer.page()));
    }

    private Future<Void> learn(String other, Revocations.Page page) {
        Revocations.Learned learned = revocations.learn(page.known(), clock.millis());
        readUpTo.put(other, page.last());
        if (learned.noRoom() > 0) {
            log.warn("revocations of another node have no place here node={} count={}", other, learned.noRoom());
        }
        Future<Void> cut = Future.succeededFuture();
        if (learned.fresh() > 0) {
            log.info("revocations learned node={} count={}", other, learned.fresh());
            cut = loops.<LoopQuestion.Closed>askAll(new LoopQuestion.CutRevoked())
                    .mapEmpty();
        }
        return page.more() ? cut.compose(done -> read(other)) : cut;
    }

    // ---- connections of a user

    /** Counts a user's connections of the other nodes, as far as they answer at once; from any loop. */
    Future<Integer> connectionsElsewhere(String user) {
        List<Future<Integer>> counts = new ArrayList<>();
        long now = clock.millis();
        for (String other : others()) {
            if (silentUntil.getOrDefault(other, 0L) <= now) {
                counts.add(count(other, user));
            }
        }
        return counts.isEmpty()
                ? Future.succeededFuture(0)
                : Future.all(counts)
                        .map(all -> all.<Integer>list().stream()
                                .mapToInt(Integer::intValue)
                                .sum());
    }

    private Future<Integer> count(String other, String user) {
        return bus.<DoorQuestion.Counted>ask(Reach.CLUSTER, inbox(other), new DoorQuestion.CountUser(user))
                .timeout(COUNT_MILLIS, MILLISECONDS)
                .map(DoorQuestion.Counted::connections)
                .otherwise(failure -> {
                    silentUntil.put(other, clock.millis() + SILENT_MILLIS);
                    log.info("node does not count a user's connections node={} reason={}", other, failure.getMessage());
                    return 0;
                });
    }

    // ---- what other rules would cut

    /** Names the subscriptions of all nodes that these rules would end, and ends none. */
    public Future<Preview> wouldCut(PermissionRules rules, List<AddressRule> addresses) {
        List<String> others = others();
        List<Future<Cuts>> answers = new ArrayList<>();
        answers.add(cutsHere(rules));
        others.forEach(
                other -> answers.add(bus.<Cuts>ask(Reach.CLUSTER, inbox(other), DoorQuestion.WouldCut.of(addresses))));
        return Future.join(answers).transform(done -> {
            List<Cut> all = new ArrayList<>();
            boolean more = false;
            int unanswered = 0;
            for (Future<Cuts> answer : answers) {
                if (answer.succeeded()) {
                    all.addAll(answer.result().all());
                    more |= answer.result().more();
                } else {
                    unanswered++;
                }
            }
            boolean tooMany = all.size() > MOST_CUTS;
            List<Cut> told = tooMany ? all.subList(0, MOST_CUTS) : all;
            return Future.succeededFuture(new Preview(told, more || tooMany, others.size() + 1, unanswered));
        });
    }

    private Future<Cuts> cutsHere(PermissionRules rules) {
        return loops.<Cuts>askAll(new LoopQuestion.WouldCut(rules, MOST_CUTS)).map(answers -> {
            List<Cut> all =
                    answers.stream().flatMap(answer -> answer.all().stream()).toList();
            boolean more = all.size() > MOST_CUTS || answers.stream().anyMatch(Cuts::more);
            return new Cuts(all.subList(0, Math.min(all.size(), MOST_CUTS)), more);
        });
    }

    /**
     * One subscription that would end.
     *
     * @param user whose it is
     * @param connection the connection's name
     * @param node the node that holds it
     * @param address what it is about
     * @param rule the pattern of the rule that would decide; empty when none matches
     * @param why in plain words
     */
    public record Cut(String user, String connection, String node, String address, String rule, String why) {}

    /**
     * What a reload would cut.
     *
     * @param cut at most {@value #MOST_CUTS} of them
     * @param more whether there are more
     * @param asked how many nodes there are
     * @param unanswered how many of them have not answered
     */
    public record Preview(List<Cut> cut, boolean more, int asked, int unanswered) {
        /** Copies the list. */
        public Preview {
            cut = List.copyOf(cut);
        }
    }
}
