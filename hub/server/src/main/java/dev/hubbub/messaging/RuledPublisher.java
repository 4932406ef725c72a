package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.Replay;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.telemetry.EventTrail.Step;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes what the rules allow; nothing that was refused ever reaches a log. */
final class RuledPublisher implements Publisher {
    private final Supplier<PermissionRules> rules;
    private final EventCompletion completion;
    private final Replay replay;
    private final Meters meters;
    private final NodeMemory memory;
    private final Evidence evidence;
    private final EventTrail trail;

    RuledPublisher(
            Supplier<PermissionRules> rules,
            EventCompletion completion,
            LoopContext loop,
            NodeMemory memory,
            Evidence evidence) {
        this.rules = rules;
        this.completion = completion;
        this.replay = loop.replay();
        this.meters = loop.meters();
        this.memory = memory;
        this.evidence = evidence;
        this.trail = loop.trail();
    }

    @Override
    public Future<List<Outcome>> publish(Caller caller, List<PublishCommand> commands) {
        long begunNanos = System.nanoTime();
        List<@Nullable Outcome> outcomes = new ArrayList<>(commands.size());
        List<Append> appends = new ArrayList<>(commands.size());
        List<Step> steps = new ArrayList<>(commands.size());
        for (PublishCommand command : commands) {
            try {
                Append wish = appendOf(caller, command);
                Step step = follow(wish, command);
                steps.add(step);
                appends.add(step.traceparent().isEmpty() ? wish : wish.within(step.traceparent()));
                outcomes.add(null);
            } catch (HubException refusal) {
                outcomes.add(refused(refusal));
                evidence.publishRefused(caller.name(), command.from(), command.address(), refusal);
            }
        }
        return append(appends)
                .map(results -> {
                    meters.answered(System.nanoTime() - begunNanos);
                    return merge(outcomes, appends, steps, results);
                })
                .onFailure(failure -> steps.forEach(step -> step.refused("failed")));
    }

    private Step follow(Append wish, PublishCommand command) {
        return trail.isIdle()
                ? Step.NONE
                : trail.published(wish.address().value(), wish.content().id(), command.traceparent());
    }

    private Append appendOf(Caller caller, PublishCommand command) {
        Address address = new Address(command.address());
        PermissionRules now = rules.get();
        if (!now.allows(caller, Action.PUBLISH, address)) {
            throw new HubException(ErrorCode.ACCESS_DENIED, "you may not publish to " + address);
        }
        AddressRule rule = now.rule(address).orElseThrow();
        if (rule.delivery() == DeliveryKind.LOG) {
            memory.requireRoom();
        }
        EventCompletion.Completed event = completion.complete(caller, rule, command);
        return new Append(
                address, Policies.of(rule), event.content(), event.dedupeKey(), command.notBackTo(), caller.name());
    }

    /** An owner that cannot be reached refuses the events one by one, since each may have another owner. */
    private Future<List<AppendResult>> append(List<Append> appends) {
        if (appends.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        long bytes = appends.stream().mapToLong(RuledPublisher::heldBytes).sum();
        memory.add(NodeMemory.Use.PUBLISHES, bytes);
        return replay.append(appends)
                .onComplete(done -> memory.add(NodeMemory.Use.PUBLISHES, -bytes))
                .recover(failure -> {
                    if (failure instanceof HubException expected) {
                        AppendResult refused = new AppendResult.Refused(expected);
                        return Future.succeededFuture(
                                appends.stream().map(append -> refused).toList());
                    }
                    return Future.failedFuture(failure);
                });
    }

    /** An event that is under way is held as JSON and, as soon as it is in a log, as a frame. */
    private static long heldBytes(Append append) {
        return 2L * append.content().json().length() + Tail.EVENT_OVERHEAD;
    }

    private List<Outcome> merge(
            List<@Nullable Outcome> outcomes, List<Append> appends, List<Step> steps, List<AppendResult> results) {
        List<Outcome> all = new ArrayList<>(outcomes.size());
        int next = 0;
        for (Outcome outcome : outcomes) {
            if (outcome == null) {
                all.add(outcomeOf(appends.get(next), steps.get(next), results.get(next)));
                next++;
            } else {
                all.add(outcome);
            }
        }
        return all;
    }

    private Outcome outcomeOf(Append append, Step step, AppendResult result) {
        if (result instanceof AppendResult.Appended appended) {
            if (appended.duplicate()) {
                meters.duplicate();
            } else {
                meters.published(append.policy().kind(), append.content().json().length());
            }
            evidence.published(append, appended);
            step.answered(appended.position().map(Position::toString).orElse(""), appended.duplicate());
            return new Outcome.Published(appended.id(), appended.position(), appended.duplicate());
        }
        HubException why = ((AppendResult.Refused) result).why();
        evidence.publishRefused(
                append.publisher(), Optional.empty(), append.address().value(), why);
        step.refused(why.code().snakeCase());
        return refused(why);
    }

    private Outcome refused(HubException why) {
        meters.refused(why.code());
        return new Outcome.Refused(why);
    }
}
