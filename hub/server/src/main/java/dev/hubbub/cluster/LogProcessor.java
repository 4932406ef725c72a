package dev.hubbub.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.ReplayLog;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one command on one log, on the thread of the log's partition.
 *
 * <p>The owner of what it appends is the member that runs it, under the identity that the member has at that moment.
 * Copies are told the effect. Hazelcast may run it twice when a member leaves; the ids of the events make that
 * harmless.
 */
final class LogProcessor implements EntryProcessor<String, @Nullable ReplayLog, byte[]>, HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;

    private final transient LogCommand command;
    private transient @Nullable HazelcastInstance hazelcast;
    private transient Optional<Buffer> effect = Optional.empty();

    LogProcessor(LogCommand command) {
        this.command = command;
    }

    LogCommand command() {
        return command;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        this.hazelcast = instance;
    }

    @Override
    public byte[] process(Map.Entry<String, @Nullable ReplayLog> entry) {
        HazelcastInstance here = hazelcast;
        if (here == null) {
            throw new IllegalStateException("a command can only run on a member");
        }
        if (command.isAppend()) {
            MissingCopies.refuse(here, entry.getKey());
        }
        LogCommand.Outcome outcome = command.run(entry.getValue(), MemberIdentity.ownerOf(here));
        effect = outcome.effect();
        if (outcome.changed()) {
            entry.setValue(outcome.log());
        }
        return outcome.answer().getBytes();
    }

    @Override
    public @Nullable EntryProcessor<String, @Nullable ReplayLog, byte[]> getBackupProcessor() {
        return effect.map(EffectProcessor::new).orElse(null);
    }
}
