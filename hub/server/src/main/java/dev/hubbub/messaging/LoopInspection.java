package dev.hubbub.messaging;

import dev.hubbub.config.AddressRule;
import dev.hubbub.messaging.LoopQuestion.Closed;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.Replay;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks every loop of the node, and makes one answer of theirs; confined to the loop of who asks. */
final class LoopInspection implements Inspection {
    private static final long RANKING_MILLIS = 1_000;

    private final Loops loops;
    private final Supplier<PermissionRules> rules;
    private final Replay replay;
    private final Clock clock;
    private @Nullable Ranking last;

    LoopInspection(Loops loops, Supplier<PermissionRules> rules, Replay replay, Clock clock) {
        this.loops = loops;
        this.rules = rules;
        this.replay = replay;
        this.clock = clock;
    }

    @Override
    public Future<List<ConnectionView>> connections(Filter filter, Optional<String> before, int limit) {
        Comparator<ConnectionView> oldestFirst =
                Comparator.comparing(view -> view.entry().id().value());
        return this.<List<ConnectionView>>ask(new LoopQuestion.PageConnections(filter, before, limit))
                .map(all -> all.stream()
                        .flatMap(List::stream)
                        .sorted(oldestFirst.reversed())
                        .limit(limit)
                        .toList());
    }

    @Override
    public Future<Optional<ConnectionView.Detail>> connection(String id) {
        return this.<List<ConnectionView.Detail>>ask(new LoopQuestion.DescribeConnection(id))
                .map(all -> all.stream().flatMap(List::stream).findFirst());
    }

    @Override
    public Future<Boolean> disconnect(String id, String reason) {
        return this.<Closed>ask(new LoopQuestion.CloseConnection(id, CloseCode.FORBIDDEN, reason))
                .map(all -> all.stream().anyMatch(closed -> closed.connections() > 0));
    }

    /** Whoever asks the same within a second shares an answer: many open consoles cost as much as one. */
    @Override
    public Future<List<AddressLoad>> busiest(AddressLoad.Order order, String match, int limit) {
        LoopQuestion.RankAddresses question = new LoopQuestion.RankAddresses(order, match, limit);
        Ranking known = last;
        long now = clock.millis();
        if (known != null
                && known.question().equals(question)
                && now - known.atMillis() < RANKING_MILLIS
                && !known.answer().failed()) {
            return known.answer();
        }
        Comparator<AddressLoad> lowestFirst = Comparator.comparingDouble(order::of);
        Future<List<AddressLoad>> answer = this.<List<AddressLoad>>ask(question)
                .map(LoopInspection::merge)
                .map(all -> all.values().stream()
                        .sorted(lowestFirst.reversed().thenComparing(AddressLoad::address))
                        .limit(limit)
                        .toList());
        last = new Ranking(question, now, answer);
        return answer;
    }

    @Override
    public Future<List<AddressLoad>> loads(List<String> addresses) {
        return this.<List<AddressLoad>>ask(new LoopQuestion.WeighAddresses(addresses))
                .map(all -> List.copyOf(merge(all).values()));
    }

    private static Map<String, AddressLoad> merge(List<List<AddressLoad>> answers) {
        Map<String, AddressLoad> merged = new HashMap<>();
        answers.forEach(answer -> answer.forEach(load -> merged.merge(load.address(), load, AddressLoad::plus)));
        return merged;
    }

    @Override
    public Optional<RuleOf> rule(String address) {
        Optional<AddressRule> rule = rules.get().rule(new Address(address));
        return rule.map(found -> new RuleOf(
                found.match().source(),
                found.match().at().toString(),
                found.delivery().configName()));
    }

    @Override
    public Future<Optional<LogOf>> log(String address) {
        try {
            return replay.info(new Address(address))
                    .map(info -> info.map(log -> new LogOf(log.events(), log.bytes(), log.first(), log.last())));
        } catch (HubException noAddress) {
            return Future.failedFuture(noAddress);
        }
    }

    private <A> Future<List<A>> ask(LoopQuestion.Look question) {
        return loops.askAll(question);
    }

    private record Ranking(LoopQuestion.RankAddresses question, long atMillis, Future<List<AddressLoad>> answer) {}
}
