package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation on one replicated log, as a value that travels to wherever the log is.
 *
 * <p>Deterministic: time, epoch and owner come with it, the owner from who runs it and not from who asked, so that two
 * sides of a split never append in one term. Everything here is bytes to the outside; a store only has to carry them.
 */
public final class LogCommand {
    private static final int APPEND = 1;
    private static final int ATTACH = 2;
    private static final int READ = 3;
    private static final int INFO = 4;
    private static final int SWEEP = 5;

    private static final int EFFECT = 1;
    private static final int WHOLE = 2;

    private final Buffer bytes;

    /** Takes a command as it travels. */
    public LogCommand(Buffer bytes) {
        this.bytes = bytes;
    }

    /** Returns the command as it travels. */
    public Buffer bytes() {
        return bytes;
    }

    /** Appends events of one address; answered with {@link #results}. */
    public static LogCommand append(List<Append> events, Turn turn) {
        return append(events, turn, false);
    }

    /**
     * Appends events of one address after a try of unknown outcome; copies, which may have missed that, get the whole
     * log.
     */
    public static LogCommand appendAgain(List<Append> events, Turn turn) {
        return append(events, turn, true);
    }

    private static LogCommand append(List<Append> events, Turn turn, boolean whole) {
        return of(APPEND, events.get(0).address(), turn, out -> {
            out.list(events, ReplayShapes::append);
            out.flag(whole);
        });
    }

    /** Tells whether it adds events, and so has to reach the copies before it is answered. */
    public boolean isAppend() {
        return new WireReader(bytes, 0, bytes.length()).smallNumber() == APPEND;
    }

    /** Reads the head, and begins an absent log; answered with {@link #attached}. */
    public static LogCommand attach(Address address, LogPolicy policy, Turn turn) {
        return of(ATTACH, address, turn, out -> ReplayShapes.policy(out, policy));
    }

    /** Reads events, and begins an absent log; answered with {@link #read}. */
    public static LogCommand read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return of(READ, address, turn, out -> {
            ReplayShapes.policy(out, policy);
            ReplayShapes.from(out, from);
            ReplayShapes.limits(out, limits);
        });
    }

    /** Counts; answered with {@link #info}. */
    public static LogCommand info(Address address, Turn turn) {
        return of(INFO, address, turn, out -> {});
    }

    /**
     * Trims by age, drops a log that is idle, and makes room; answered with {@link #bytesLeft}.
     *
     * @param inUse whether somebody listens, so that it must stay
     * @param empty whether it goes when it holds nothing, idle or not
     * @param shed whether it gives up some of its events
     */
    public static LogCommand sweep(Address address, boolean inUse, boolean empty, boolean shed, Turn turn) {
        return of(SWEEP, address, turn, out -> {
            out.flag(inUse);
            out.flag(empty);
            out.flag(shed);
        });
    }

    private static LogCommand of(int number, Address address, Turn turn, Consumer<WireWriter> rest) {
        Buffer buffer = Buffer.buffer();
        WireWriter out = new WireWriter(buffer);
        out.number(number);
        ReplayShapes.address(out, address);
        out.text(turn.freshEpoch());
        out.number(turn.nowMillis());
        rest.accept(out);
        return new LogCommand(buffer);
    }

    /**
     * Runs the command.
     *
     * @param log the log as it is; null when it is absent
     * @param owner who runs it; see {@link Turn#owner}
     */
    public Outcome run(@Nullable ReplayLog log, String owner) {
        WireReader in = new WireReader(bytes, 0, bytes.length());
        int number = in.smallNumber();
        Address address = ReplayShapes.address(in);
        Turn turn = new Turn(owner, in.text(), in.number());
        return switch (number) {
            case APPEND -> append(log, address, in, turn);
            case ATTACH -> attach(log, address, ReplayShapes.policy(in), turn);
            case READ -> read(log, address, in, turn);
            case INFO -> info(log);
            case SWEEP -> sweep(log, in, turn);
            default -> throw new IllegalArgumentException("command: " + number + " (expected: 1 to 5)");
        };
    }

    private static Outcome append(@Nullable ReplayLog found, Address address, WireReader in, Turn turn) {
        List<Append> events = in.list(ReplayShapes::append);
        boolean whole = in.flag();
        ReplayLog log = found == null ? new ReplayLog(address, events.get(0).policy(), turn) : found;
        Position before = log.head();
        LogEffect.Recorder recorder = new LogEffect.Recorder();
        List<AppendResult> results = new ArrayList<>(events.size());
        for (Append wish : events) {
            results.add(log.append(wish, turn, recorder));
        }
        LogEffect effect = log.effect(before, recorder, turn.nowMillis());
        return new Outcome(
                log,
                true,
                answer(out -> out.list(results, ReplayShapes::result)),
                Optional.of(whole ? whole(log) : bytes(effect)));
    }

    private static Outcome attach(@Nullable ReplayLog found, Address address, LogPolicy policy, Turn turn) {
        ReplayLog log = found == null ? new ReplayLog(address, policy, turn) : found;
        Attached attached = log.attached(policy, turn.nowMillis());
        return looked(found, log, answer(out -> ReplayShapes.attached(out, attached)), turn);
    }

    private static Outcome read(@Nullable ReplayLog found, Address address, WireReader in, Turn turn) {
        LogPolicy policy = ReplayShapes.policy(in);
        ReplayLog log = found == null ? new ReplayLog(address, policy, turn) : found;
        ReadResult result = log.read(policy, ReplayShapes.from(in), ReplayShapes.limits(in), turn.nowMillis());
        return looked(found, log, answer(out -> ReplayWire.write(out, result)), turn);
    }

    /** Only a log that was begun by it changes by being looked at. */
    private static Outcome looked(@Nullable ReplayLog found, ReplayLog log, Buffer answer, Turn turn) {
        return found == null
                ? new Outcome(
                        log,
                        true,
                        answer,
                        Optional.of(bytes(log.effect(log.head(), new LogEffect.Recorder(), turn.nowMillis()))))
                : new Outcome(log, false, answer, Optional.empty());
    }

    private static Outcome info(@Nullable ReplayLog found) {
        Buffer answer =
                answer(out -> out.optional(Optional.ofNullable(found).map(ReplayLog::info), ReplayShapes::info));
        return new Outcome(found, false, answer, Optional.empty());
    }

    private static Outcome sweep(@Nullable ReplayLog log, WireReader in, Turn turn) {
        if (log == null) {
            return new Outcome(null, false, answer(out -> out.number(0)), Optional.empty());
        }
        boolean inUse = in.flag();
        boolean empty = in.flag();
        boolean shed = in.flag();
        Position before = log.head();
        log.trim(turn.nowMillis());
        if (shed) {
            log.shed();
        }
        if (log.isEmpty() && (empty || log.isIdle(turn.nowMillis())) && !inUse) {
            return new Outcome(null, true, answer(out -> out.number(0)), Optional.of(Buffer.buffer()));
        }
        Buffer answer = answer(out -> out.number(log.memoryBytes()));
        return log.hasDroppedUntold()
                ? new Outcome(
                        log,
                        true,
                        answer,
                        Optional.of(bytes(log.effect(before, new LogEffect.Recorder(), turn.nowMillis()))))
                : new Outcome(log, false, answer, Optional.empty());
    }

    private static Buffer answer(Consumer<WireWriter> write) {
        Buffer buffer = Buffer.buffer();
        write.accept(new WireWriter(buffer));
        return buffer;
    }

    private static Buffer bytes(LogEffect effect) {
        return answer(out -> {
            out.number(EFFECT);
            effect.write(out);
        });
    }

    private static Buffer whole(ReplayLog log) {
        return answer(out -> {
            out.number(WHOLE);
            log.write(out);
        });
    }

    /**
     * Applies to a copy what a command did to the original.
     *
     * @param copy the copy as it is; null when there is none
     * @param effect as {@link Outcome} gave it
     * @return the copy as it is to be; null when it goes
     */
    public static @Nullable ReplayLog apply(@Nullable ReplayLog copy, Address address, Buffer effect) {
        if (effect.length() == 0) {
            return null;
        }
        WireReader in = new WireReader(effect, 0, effect.length());
        return in.smallNumber() == WHOLE ? ReplayLog.read(in) : ReplayLog.apply(copy, address, LogEffect.read(in));
    }

    /** Writes a whole log, for a move to another node. */
    public static Buffer snapshot(ReplayLog log) {
        return answer(log::write);
    }

    /** Reads a whole log. */
    public static ReplayLog restore(Buffer snapshot) {
        return ReplayLog.read(new WireReader(snapshot, 0, snapshot.length()));
    }

    /** Reads the answer to {@link #append}. */
    public static List<AppendResult> results(Buffer answer) {
        return new WireReader(answer, 0, answer.length()).list(ReplayShapes::result);
    }

    /** Reads the answer to {@link #attach}. */
    public static Attached attached(Buffer answer) {
        return ReplayShapes.attached(new WireReader(answer, 0, answer.length()));
    }

    /** Reads the answer to {@link #read}. */
    public static ReadResult readResult(Buffer answer) {
        return ReplayWire.result(new WireReader(answer, 0, answer.length()));
    }

    /** Reads the answer to {@link #info}. */
    public static Optional<LogInfo> info(Buffer answer) {
        return new WireReader(answer, 0, answer.length()).optional(ReplayShapes::info);
    }

    /** Reads the answer to {@link #sweep}: what the log takes, in bytes; 0 when it is gone. */
    public static long bytesLeft(Buffer answer) {
        return new WireReader(answer, 0, answer.length()).number();
    }

    /**
     * What a command did.
     *
     * @param log the log as it is to be; null when it is absent, or goes
     * @param changed whether it has to be stored
     * @param answer for who asked
     * @param effect for the copies; empty when there is nothing to tell
     */
    public record Outcome(@Nullable ReplayLog log, boolean changed, Buffer answer, Optional<Buffer> effect) {}
}
