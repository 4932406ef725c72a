package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the values that messages and logs are made of are written.
 *
 * <p>Events travel as their JSON bytes; nobody parses them on the way. Reading goes through the checking constructors,
 * and whatever they refuse ends in {@link IllegalArgumentException}.
 */
final class ReplayShapes {
    private ReplayShapes() {}

    static void address(WireWriter out, Address address) {
        out.text(address.value());
    }

    static Address address(WireReader in) {
        String text = in.text();
        try {
            return new Address(text);
        } catch (HubException e) {
            throw new IllegalArgumentException("an address is none", e);
        }
    }

    static void position(WireWriter out, Position position) {
        out.text(position.epoch());
        out.text(position.term());
        out.number(position.offset());
    }

    static Position position(WireReader in) {
        return new Position(in.text(), in.text(), in.number());
    }

    static void kind(WireWriter out, DeliveryKind kind) {
        out.number(
                switch (kind) {
                    case LOG -> 1;
                    case LATEST -> 2;
                    case SIGNAL -> 3;
                });
    }

    static DeliveryKind kind(WireReader in) {
        int number = in.smallNumber();
        return switch (number) {
            case 1 -> DeliveryKind.LOG;
            case 2 -> DeliveryKind.LATEST;
            case 3 -> DeliveryKind.SIGNAL;
            default -> throw new IllegalArgumentException("kind: " + number + " (expected: 1, 2 or 3)");
        };
    }

    static void policy(WireWriter out, LogPolicy policy) {
        kind(out, policy.kind());
        out.number(policy.maxEvents());
        out.number(policy.maxBytes());
        out.number(policy.maxAgeMillis());
        out.flag(policy.risingVersions());
    }

    static LogPolicy policy(WireReader in) {
        return new LogPolicy(kind(in), in.smallNumber(), in.number(), in.number(), in.flag());
    }

    static void content(WireWriter out, EventContent content) {
        out.text(content.id());
        out.optional(content.type(), WireWriter::text);
        out.text(content.conflationKey());
        out.optional(content.resourceId(), WireWriter::text);
        out.number(content.resourceVersion() - EventContent.NO_VERSION);
        out.number(content.occurredAtMillis());
        out.fixed(content.payloadHash());
        out.bytes(content.json());
    }

    static EventContent content(WireReader in) {
        return new EventContent(
                in.text(),
                in.optional(WireReader::text),
                in.text(),
                in.optional(WireReader::text),
                in.number() + EventContent.NO_VERSION,
                in.number(),
                in.fixed(),
                in.bytes());
    }

    static void connection(WireWriter out, Optional<ConnectionId> connection) {
        out.optional(connection, (to, id) -> to.text(id.value()));
    }

    static Optional<ConnectionId> connection(WireReader in) {
        return in.optional(from -> new ConnectionId(from.text()));
    }

    static void frame(WireWriter out, EventFrame frame) {
        address(out, frame.address());
        out.optional(frame.position(), ReplayShapes::position);
        content(out, frame.content());
        connection(out, frame.notBackTo());
        out.text(frame.traceparent());
    }

    static EventFrame frame(WireReader in) {
        return new EventFrame(address(in), in.optional(ReplayShapes::position), content(in), connection(in), in.text());
    }

    static void append(WireWriter out, Append append) {
        address(out, append.address());
        policy(out, append.policy());
        content(out, append.content());
        out.text(append.dedupeKey());
        connection(out, append.notBackTo());
        out.text(append.publisher());
        out.text(append.traceparent());
    }

    static Append append(WireReader in) {
        return new Append(address(in), policy(in), content(in), in.text(), connection(in), in.text(), in.text());
    }

    static void result(WireWriter out, AppendResult result) {
        if (result instanceof AppendResult.Appended appended) {
            out.flag(true);
            out.text(appended.id());
            out.optional(appended.position(), ReplayShapes::position);
            out.flag(appended.duplicate());
        } else if (result instanceof AppendResult.Refused refused) {
            out.flag(false);
            out.failure(refused.why());
        }
    }

    static AppendResult result(WireReader in) {
        return in.flag()
                ? new AppendResult.Appended(in.text(), in.optional(ReplayShapes::position), in.flag())
                : new AppendResult.Refused(in.failure());
    }

    static void attached(WireWriter out, Attached attached) {
        position(out, attached.head());
        out.list(attached.current(), ReplayShapes::frame);
    }

    static Attached attached(WireReader in) {
        return new Attached(position(in), in.list(ReplayShapes::frame));
    }

    static void from(WireWriter out, ReadFrom from) {
        if (from instanceof ReadFrom.After after) {
            out.number(1);
            position(out, after.position());
        } else if (from instanceof ReadFrom.Start) {
            out.number(2);
        } else if (from instanceof ReadFrom.Recent recent) {
            out.number(3);
            out.number(recent.count());
        } else if (from instanceof ReadFrom.Search search) {
            out.number(4);
            out.text(search.text());
        }
    }

    static ReadFrom from(WireReader in) {
        int number = in.smallNumber();
        return switch (number) {
            case 1 -> new ReadFrom.After(position(in));
            case 2 -> new ReadFrom.Start();
            case 3 -> new ReadFrom.Recent(in.smallNumber());
            case 4 -> new ReadFrom.Search(in.text());
            default -> throw new IllegalArgumentException("from: " + number + " (expected: 1 to 4)");
        };
    }

    static void limits(WireWriter out, ReadLimits limits) {
        out.number(limits.maxEvents());
        out.number(limits.maxBytes());
    }

    static ReadLimits limits(WireReader in) {
        return new ReadLimits(in.smallNumber(), in.number());
    }

    static void info(WireWriter out, LogInfo info) {
        address(out, info.address());
        kind(out, info.kind());
        out.number(info.events());
        out.number(info.bytes());
        out.optional(info.first(), ReplayShapes::position);
        out.optional(info.last(), ReplayShapes::position);
        out.list(info.types().entrySet(), (to, type) -> {
            to.text(type.getKey());
            to.number(type.getValue());
        });
    }

    static LogInfo info(WireReader in) {
        Address address = address(in);
        DeliveryKind kind = kind(in);
        int events = in.smallNumber();
        long bytes = in.number();
        Optional<Position> first = in.optional(ReplayShapes::position);
        Optional<Position> last = in.optional(ReplayShapes::position);
        Map<String, Integer> types = new HashMap<>();
        List<Map.Entry<String, Integer>> entries = in.list(from -> Map.entry(from.text(), from.smallNumber()));
        entries.forEach(entry -> types.put(entry.getKey(), entry.getValue()));
        return new LogInfo(address, kind, events, bytes, first, last, types);
    }

    static void delivery(WireWriter out, Delivery delivery) {
        address(out, delivery.address());
        kind(out, delivery.kind());
        out.list(delivery.events(), ReplayShapes::frame);
    }

    static Delivery delivery(WireReader in) {
        return new Delivery(address(in), kind(in), in.list(ReplayShapes::frame));
    }
}
