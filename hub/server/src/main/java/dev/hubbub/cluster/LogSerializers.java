package dev.hubbub.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.ReplayLog;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** How logs and what is done to them travel between members: as the bytes that the replay room makes of them. */
final class LogSerializers {
    private LogSerializers() {}

    private static Buffer read(ObjectDataInput in) throws IOException {
        byte[] bytes = in.readByteArray();
        if (bytes == null) {
            throw new IOException("a member sent nothing where a log or command belongs");
        }
        return Buffer.buffer(bytes);
    }

    /** Commands. */
    static final class OfProcessor implements StreamSerializer<LogProcessor> {
        @Override
        public int getTypeId() {
            return 7_001;
        }

        @Override
        public void write(ObjectDataOutput out, LogProcessor processor) throws IOException {
            out.writeByteArray(processor.command().bytes().getBytes());
        }

        @Override
        public LogProcessor read(ObjectDataInput in) throws IOException {
            return new LogProcessor(new LogCommand(LogSerializers.read(in)));
        }
    }

    /** Effects. */
    static final class OfEffect implements StreamSerializer<EffectProcessor> {
        @Override
        public int getTypeId() {
            return 7_002;
        }

        @Override
        public void write(ObjectDataOutput out, EffectProcessor processor) throws IOException {
            out.writeByteArray(processor.effect().getBytes());
        }

        @Override
        public EffectProcessor read(ObjectDataInput in) throws IOException {
            return new EffectProcessor(LogSerializers.read(in));
        }
    }

    /** Whole logs, when a partition moves. */
    static final class OfLog implements StreamSerializer<ReplayLog> {
        @Override
        public int getTypeId() {
            return 7_003;
        }

        @Override
        public void write(ObjectDataOutput out, ReplayLog log) throws IOException {
            out.writeByteArray(LogCommand.snapshot(log).getBytes());
        }

        @Override
        public ReplayLog read(ObjectDataInput in) throws IOException {
            return LogCommand.restore(LogSerializers.read(in));
        }
    }
}
