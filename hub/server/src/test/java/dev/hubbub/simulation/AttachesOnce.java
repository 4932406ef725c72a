package dev.hubbub.simulation;

import dev.hubbub.protocol.Address;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Replay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes a safety rule away: who sees a hole is never told where the log is. */
record AttachesOnce(Replay replay, Set<Address> attached) implements Replay {
    AttachesOnce(Replay replay) {
        this(replay, new HashSet<>());
    }

    @Override
    public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
        return attached.contains(address)
                ? Promise.<Attached>promise().future()
                : replay.attach(address, policy, inbox).onSuccess(answer -> attached.add(address));
    }

    @Override
    public Future<Void> detach(Address address, String inbox) {
        attached.remove(address);
        return replay.detach(address, inbox);
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events) {
        return replay.append(events);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
        return replay.read(address, policy, from, maxEvents, maxBytes);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return replay.info(address);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return replay.list(prefix, after, limit);
    }
}
