package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireType;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.replay.OwnerAnswer.Heard;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of this room that travel between nodes.
 *
 * <p>A number that was ever released means the same for ever; the next free one is 32.
 */
public final class ReplayWire {
    private ReplayWire() {}

    /** Returns the types, for the bus. */
    public static List<WireType<?>> types() {
        List<WireType<?>> types = new ArrayList<>(questions());
        types.addAll(answers());
        return List.copyOf(types);
    }

    private static List<WireType<?>> questions() {
        return List.of(
                new WireType<>(
                        10,
                        OwnerQuestion.AppendEvents.class,
                        ReplayWire::write,
                        in -> new OwnerQuestion.AppendEvents(in.list(ReplayShapes::append))),
                new WireType<>(
                        11,
                        OwnerQuestion.Listen.class,
                        ReplayWire::write,
                        in -> new OwnerQuestion.Listen(in.text(), in.list(ReplayWire::wanted))),
                new WireType<>(
                        12,
                        OwnerQuestion.Forget.class,
                        ReplayWire::write,
                        in -> new OwnerQuestion.Forget(in.text(), in.list(ReplayShapes::address))),
                new WireType<>(13, OwnerQuestion.Read.class, ReplayWire::write, ReplayWire::read),
                new WireType<>(
                        14,
                        OwnerQuestion.Info.class,
                        (out, info) -> ReplayShapes.address(out, info.address()),
                        in -> new OwnerQuestion.Info(ReplayShapes.address(in))),
                new WireType<>(
                        15,
                        OwnerQuestion.ListLogs.class,
                        ReplayWire::write,
                        in -> new OwnerQuestion.ListLogs(in.text(), in.optional(WireReader::text), in.smallNumber())),
                new WireType<>(
                        16,
                        OwnerQuestion.SameView.class,
                        (out, same) -> out.fixed(same.view()),
                        in -> new OwnerQuestion.SameView(in.fixed())),
                new WireType<>(
                        17,
                        OwnerQuestion.LookAgain.class,
                        (out, look) -> write(out, look.at()),
                        in -> new OwnerQuestion.LookAgain(wanted(in))));
    }

    private static List<WireType<?>> answers() {
        return List.of(
                new WireType<>(
                        20,
                        OwnerAnswer.Results.class,
                        (out, results) -> out.list(results.all(), ReplayShapes::result),
                        in -> new OwnerAnswer.Results(in.list(ReplayShapes::result))),
                new WireType<>(
                        21,
                        OwnerAnswer.Listening.class,
                        ReplayWire::write,
                        in -> new OwnerAnswer.Listening(in.text(), in.number(), in.list(ReplayWire::heard))),
                new WireType<>(
                        22,
                        OwnerAnswer.Logs.class,
                        (out, logs) -> out.list(logs.all(), ReplayShapes::info),
                        in -> new OwnerAnswer.Logs(in.list(ReplayShapes::info))),
                new WireType<>(
                        23,
                        OwnerAnswer.View.class,
                        (out, view) -> out.flag(view.same()),
                        in -> new OwnerAnswer.View(in.flag())),
                new WireType<>(
                        24,
                        ReadResult.Events.class,
                        ReplayWire::write,
                        in -> new ReadResult.Events(
                                in.list(ReplayShapes::frame), ReplayShapes.position(in), in.flag())),
                new WireType<>(25, ReadResult.Lost.class, ReplayWire::write, ReplayWire::lost),
                new WireType<>(30, LinkBatch.class, ReplayWire::write, ReplayWire::batch),
                new WireType<>(
                        31,
                        Canary.class,
                        ReplayWire::write,
                        in -> new Canary(in.text(), in.flag(), in.list(WireReader::text))));
    }

    private static void write(WireWriter out, Canary canary) {
        out.text(canary.from());
        out.flag(canary.leaving());
        out.list(canary.unheard(), WireWriter::text);
    }

    private static void write(WireWriter out, OwnerQuestion.AppendEvents question) {
        out.list(question.events(), ReplayShapes::append);
    }

    private static void write(WireWriter out, OwnerQuestion.Listen question) {
        out.text(question.node());
        out.list(question.wanted(), ReplayWire::write);
    }

    private static void write(WireWriter out, Wanted wanted) {
        ReplayShapes.address(out, wanted.address());
        ReplayShapes.policy(out, wanted.policy());
    }

    private static Wanted wanted(WireReader in) {
        return new Wanted(ReplayShapes.address(in), ReplayShapes.policy(in));
    }

    private static void write(WireWriter out, OwnerQuestion.Forget question) {
        out.text(question.node());
        out.list(question.addresses(), ReplayShapes::address);
    }

    private static void write(WireWriter out, OwnerQuestion.Read question) {
        ReplayShapes.address(out, question.address());
        ReplayShapes.policy(out, question.policy());
        ReplayShapes.from(out, question.from());
        ReplayShapes.limits(out, question.limits());
    }

    private static OwnerQuestion.Read read(WireReader in) {
        return new OwnerQuestion.Read(
                ReplayShapes.address(in), ReplayShapes.policy(in), ReplayShapes.from(in), ReplayShapes.limits(in));
    }

    private static void write(WireWriter out, OwnerQuestion.ListLogs question) {
        out.text(question.prefix());
        out.optional(question.after(), WireWriter::text);
        out.number(question.limit());
    }

    private static void write(WireWriter out, OwnerAnswer.Listening answer) {
        out.text(answer.link());
        out.number(answer.number());
        out.list(answer.answers(), (to, heard) -> {
            to.optional(heard.attached(), ReplayShapes::attached);
            to.text(heard.reason());
        });
    }

    private static Heard heard(WireReader in) {
        return new Heard(in.optional(ReplayShapes::attached), in.text());
    }

    private static void write(WireWriter out, ReadResult.Events events) {
        out.list(events.events(), ReplayShapes::frame);
        ReplayShapes.position(out, events.position());
        out.flag(events.more());
    }

    private static void write(WireWriter out, ReadResult.Lost lost) {
        out.number(
                switch (lost.reason()) {
                    case EPOCH -> 1;
                    case DIVERGED -> 2;
                    case RETENTION -> 3;
                    case TOO_FAR -> 4;
                });
        ReplayShapes.position(out, lost.head());
    }

    private static ReadResult.Lost lost(WireReader in) {
        int number = in.smallNumber();
        ReadResult.Reason reason = switch (number) {
            case 1 -> ReadResult.Reason.EPOCH;
            case 2 -> ReadResult.Reason.DIVERGED;
            case 3 -> ReadResult.Reason.RETENTION;
            case 4 -> ReadResult.Reason.TOO_FAR;
            default -> throw new IllegalArgumentException("reason: " + number + " (expected: 1 to 4)");
        };
        return new ReadResult.Lost(reason, ReplayShapes.position(in));
    }

    static void write(WireWriter out, ReadResult result) {
        if (result instanceof ReadResult.Events events) {
            out.flag(true);
            write(out, events);
        } else if (result instanceof ReadResult.Lost lost) {
            out.flag(false);
            write(out, lost);
        }
    }

    static ReadResult result(WireReader in) {
        return in.flag() ? events(in) : lost(in);
    }

    private static ReadResult.Events events(WireReader in) {
        return new ReadResult.Events(in.list(ReplayShapes::frame), ReplayShapes.position(in), in.flag());
    }

    private static void write(WireWriter out, LinkBatch batch) {
        out.text(batch.owner());
        out.text(batch.link());
        out.number(batch.number());
        out.list(batch.deliveries(), ReplayShapes::delivery);
        out.list(batch.heads(), (to, head) -> {
            ReplayShapes.address(to, head.address());
            ReplayShapes.position(to, head.position());
        });
        out.list(batch.moved(), ReplayShapes::address);
    }

    private static LinkBatch batch(WireReader in) {
        return new LinkBatch(
                in.text(),
                in.text(),
                in.number(),
                in.list(ReplayShapes::delivery),
                in.list(from -> new LinkBatch.Head(ReplayShapes.address(from), ReplayShapes.position(from))),
                in.list(ReplayShapes::address));
    }
}
