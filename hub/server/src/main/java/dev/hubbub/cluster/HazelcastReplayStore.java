package dev.hubbub.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
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
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in the memory of the cluster: one entry of a replicated map per address, changed in place where it is kept.
 *
 * <p>An append runs on the thread of the log's partition, on whichever member keeps it, and its effect on the members
 * with copies before the answer comes. That alone is not yet safe in a partition or after a pause:
 * {@link dev.hubbub.replay.SafeStore} makes it so. A failed future means that the outcome is unknown.
 *
 * <p>When the logs that this node keeps take more than {@code maxBytes}, the oldest events of the biggest ones go, and
 * clients that missed them are told {@code retention}. Confined to one event loop; Hazelcast never blocks it.
 */
public final class HazelcastReplayStore implements ReplayStore {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastReplayStore.class);

    private final MapProxyImpl<String, ReplayLog> logs;
    private final SerializationService serialization;
    private final Vertx vertx;
    private final Executor loop;
    private final LocalLogs local;

    /**
     * Opens the logs; called on the event loop that will use them.
     *
     * @param maxBytes what the logs that this node keeps as their owner may take, in bytes
     */
    HazelcastReplayStore(Vertx vertx, HazelcastInstance hazelcast, long maxBytes) {
        this.vertx = vertx;
        Context context = vertx.getOrCreateContext();
        this.loop = task -> context.runOnContext(v -> task.run());
        this.logs = (MapProxyImpl<String, ReplayLog>) hazelcast.<String, ReplayLog>getMap(HazelcastSettings.LOGS);
        this.serialization = logs.getNodeEngine().getSerializationService();
        this.local = new LocalLogs(maxBytes);
    }

    /**
     * Runs a command where its log is kept; the answer comes straight to this loop.
     *
     * <p>Told by Hazelcast's own executor it would come on a new thread each time where there are one or two cores (its
     * {@code ConcurrencyUtil}, as Java's own futures do), which is most of what an append costs there. So does the
     * future of {@code submitToKey}, whoever asks it; what it wraps does not.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // It tells the promise, and that is all.
    private Future<Buffer> run(Address address, LogCommand command) {
        Promise<Data> answered = Promise.promise();
        logs.executeOnKeyInternal(address.value(), new LogProcessor(command))
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (failure == null) {
                                answered.complete(answer);
                            } else {
                                answered.fail(failure);
                            }
                        },
                        loop);
        return answered.future()
                .map(answer -> Buffer.buffer(serialization.<byte[]>toObject(answer)))
                .recover(failure -> Future.failedFuture(unknown(address, failure)));
    }

    private static HubException unknown(Address address, Throwable failure) {
        LOG.debug("log_command_failed address={}", address, failure);
        if (MissingCopies.isCauseOf(failure)) {
            return new HubException(
                    ErrorCode.UNAVAILABLE,
                    "the copies of this log are being made anew on another node; send the event again, with the same"
                            + " id, in a moment");
        }
        return new HubException(
                ErrorCode.UNAVAILABLE,
                "the cluster did not answer for this address in time; what became of it is unknown, try again");
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        return PerAddress.append(events, (address, part) -> append(address, LogCommand.append(part, turn)));
    }

    @Override
    public Future<List<AppendResult>> appendAgain(List<Append> events, Turn turn) {
        return PerAddress.append(events, (address, part) -> append(address, LogCommand.appendAgain(part, turn)));
    }

    private Future<List<AppendResult>> append(Address address, LogCommand command) {
        return run(address, command)
                .onSuccess(done -> local.touched(address.value()))
                .map(LogCommand::results);
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new Attached(SIGNAL_HEAD, List.of()))
                : run(address, LogCommand.attach(address, policy, turn)).map(LogCommand::attached);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return policy.kind() == DeliveryKind.SIGNAL
                ? Future.succeededFuture(new ReadResult.Events(List.of(), SIGNAL_HEAD, false))
                : run(address, LogCommand.read(address, policy, from, limits, turn))
                        .map(LogCommand::readResult);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return run(address, LogCommand.info(address, new Turn("", "", 0))).map(LogCommand::info);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return localKeys().compose(keys -> {
            List<Future<Optional<LogInfo>>> infos = keys.stream()
                    .filter(key -> key.startsWith(prefix)
                            && after.map(previous -> key.compareTo(previous) > 0)
                                    .orElse(true))
                    .sorted()
                    .limit(limit)
                    .map(key -> info(new Address(key)))
                    .toList();
            return Future.all(infos)
                    .map(all -> all.<Optional<LogInfo>>list().stream()
                            .flatMap(Optional::stream)
                            .toList());
        });
    }

    private Future<List<String>> localKeys() {
        return vertx.executeBlocking(() -> List.copyOf(logs.localKeySet()), false);
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        if (local.isSweeping()) {
            return Future.succeededFuture();
        }
        return local.wantsKeys()
                ? localKeys().onSuccess(local::keys).mapEmpty()
                : local.sweep(key -> {
                    Address address = new Address(key);
                    LogCommand command = LogCommand.sweep(
                            address, inUse.wants(address), local.isNearlyFull(), local.shallShed(key), turn);
                    return run(address, command).map(LogCommand::bytesLeft);
                });
    }
}
