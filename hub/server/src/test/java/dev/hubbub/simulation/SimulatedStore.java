package dev.hubbub.simulation;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.PerAddress;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadLimits;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Replay;
import dev.hubbub.replay.ReplayLog;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.Turn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A replicated map as it really is: it runs an operation again when an owner dies, gives up copies whose node is
 * declared dead and calls that success, and lets a node that slept go on with copies that are not there.
 */
final class SimulatedStore implements ReplayStore {
    private static final long BACKUP_MILLIS = 600;
    private static final long CALL_MILLIS = 3_000;

    private final Simulation simulation;
    private final Node node;
    private int tries;

    SimulatedStore(Simulation simulation, Node node) {
        this.simulation = simulation;
        this.node = node;
    }

    private Future<Buffer> run(Address address, LogCommand command) {
        Promise<Buffer> answer = Promise.promise();
        attempt(address, command, answer, simulation.world.now());
        return answer.future();
    }

    private void attempt(Address address, LogCommand command, Promise<Buffer> answer, long since) {
        if (answer.future().isComplete()) {
            return;
        }
        if (simulation.world.now() - since > CALL_MILLIS) {
            answer.tryFail(new HubException(ErrorCode.UNAVAILABLE, "outcome unknown"));
            return;
        }
        Node owner = node.side.owner(address, simulation.backups);
        if (owner == node) {
            node.at(0, () -> execute(node, address, command, answer));
        } else if (owner.side == node.side) {
            simulation.network.send(node, owner, () -> {
                Promise<Buffer> there = Promise.promise();
                execute(owner, address, command, there);
                there.future()
                        .onComplete(done -> simulation.network.send(owner, node, () -> {
                            if (done.succeeded()) {
                                answer.tryComplete(done.result());
                            } else {
                                answer.tryFail(done.cause());
                            }
                        }));
            });
        }
        watch(address, command, answer, since, owner);
    }

    /** Runs it again when the owner is no member any more. */
    private void watch(Address address, LogCommand command, Promise<Buffer> answer, long since, Node owner) {
        node.at(50, () -> {
            if (answer.future().isComplete()) {
                return;
            }
            boolean tooLate = simulation.world.now() - since > CALL_MILLIS;
            if (tooLate || !node.side.members.contains(owner)) {
                attempt(address, command, answer, since);
            } else {
                watch(address, command, answer, since, owner);
            }
        });
    }

    private void execute(Node at, Address address, LogCommand command, Promise<Buffer> answer) {
        if (at.side.owner(address, simulation.backups) != at) {
            answer.tryFail(new HubException(ErrorCode.UNAVAILABLE, "moved"));
            return;
        }
        int copies = at.side.placesOf(address, simulation.backups).size();
        if (command.isAppend() && copies < Math.min(at.side.members.size(), simulation.backups + 1)) {
            answer.tryFail(new HubException(ErrorCode.UNAVAILABLE, "copies are being made anew"));
            return;
        }
        LogCommand.Outcome outcome = command.run(at.logs.get(address), at.memberId());
        if (outcome.changed()) {
            at.logs.put(address, outcome.log());
        }
        if (outcome.effect().isEmpty()) {
            answer.tryComplete(outcome.answer());
            return;
        }
        Side side = at.side;
        Set<Node> waitingFor = new HashSet<>(side.placesOf(address, simulation.backups));
        waitingFor.remove(at);
        at.busy(address, 1);
        for (Node copy : List.copyOf(waitingFor)) {
            tellCopy(at, side, copy, address, outcome.effect().get(), waitingFor);
        }
        await(at, address, outcome.answer(), answer, waitingFor, simulation.world.now());
    }

    private void tellCopy(Node at, Side side, Node copy, Address address, Buffer effect, Set<Node> waitingFor) {
        if (simulation.network.isCut(at, copy)) {
            return;
        }
        if (simulation.world.chance(simulation.missedCopies)) {
            simulation.copyAgain(address);
            return;
        }
        copy.at(2, () -> {
            // One of another side, or by an owner that is none any more, is refused.
            if (copy.side == side && at.alive && side.owner(address, simulation.backups) == at) {
                ReplayLog log = LogCommand.apply(copy.logs.get(address), address, effect);
                if (log == null) {
                    copy.logs.remove(address);
                } else {
                    copy.logs.put(address, log);
                }
                at.at(1, () -> waitingFor.remove(copy));
            }
        });
    }

    private void await(
            Node at, Address address, Buffer result, Promise<Buffer> answer, Set<Node> waitingFor, long since) {
        // The flaw that the fence is for: who is no member any more is not waited for.
        waitingFor.removeIf(copy -> !at.side.members.contains(copy));
        if (waitingFor.isEmpty()) {
            at.busy(address, -1);
            answer.tryComplete(result);
        } else if (simulation.world.now() - since > BACKUP_MILLIS) {
            at.busy(address, -1);
            answer.tryFail(new HubException(ErrorCode.UNAVAILABLE, "a copy did not answer"));
        } else {
            at.at(5, () -> await(at, address, result, answer, waitingFor, since));
        }
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        List<Append> wanted = simulation.mutation == Mutation.NO_ID_CHECK ? underOtherIds(events) : events;
        return PerAddress.append(
                wanted,
                (address, part) -> run(address, LogCommand.append(part, turn)).map(LogCommand::results));
    }

    @Override
    public Future<List<AppendResult>> appendAgain(List<Append> events, Turn turn) {
        List<Append> wanted = simulation.mutation == Mutation.NO_ID_CHECK ? underOtherIds(events) : events;
        return PerAddress.append(
                wanted,
                (address, part) ->
                        run(address, LogCommand.appendAgain(part, turn)).map(LogCommand::results));
    }

    private List<Append> underOtherIds(List<Append> events) {
        tries++;
        return events.stream()
                .map(wish -> {
                    EventContent content = wish.content();
                    String id = content.id() + "#" + node.name + tries;
                    return new Append(
                            wish.address(),
                            wish.policy(),
                            new EventContent(
                                    id,
                                    content.type(),
                                    content.conflationKey(),
                                    content.resourceId(),
                                    content.resourceVersion(),
                                    content.occurredAtMillis(),
                                    content.payloadHash(),
                                    content.json()),
                            id,
                            wish.notBackTo(),
                            wish.publisher());
                })
                .toList();
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return run(address, LogCommand.attach(address, policy, turn)).map(LogCommand::attached);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return run(address, LogCommand.read(address, policy, from, limits, turn))
                .map(LogCommand::readResult);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return run(address, LogCommand.info(address, new Turn("", "", 0))).map(LogCommand::info);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return Future.succeededFuture();
    }
}
