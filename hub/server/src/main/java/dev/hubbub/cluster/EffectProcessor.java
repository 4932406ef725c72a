package dev.hubbub.cluster;

import com.hazelcast.map.EntryProcessor;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.ReplayLog;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a copy of a log what was done to the log; runs on the member that keeps the copy. */
final class EffectProcessor implements EntryProcessor<String, @Nullable ReplayLog, byte[]> {
    private static final long serialVersionUID = 1L;
    private static final byte[] NOTHING = {};

    private final transient Buffer effect;

    EffectProcessor(Buffer effect) {
        this.effect = effect;
    }

    Buffer effect() {
        return effect;
    }

    @Override
    public byte[] process(Map.Entry<String, @Nullable ReplayLog> entry) {
        entry.setValue(LogCommand.apply(entry.getValue(), new Address(entry.getKey()), effect));
        return NOTHING;
    }

    @Override
    public @Nullable EntryProcessor<String, @Nullable ReplayLog, byte[]> getBackupProcessor() {
        return null;
    }
}
