package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Values for tests of this room. */
final class Events {
    static final Address ROOM = new Address("room:42");
    static final LogPolicy LOG = new LogPolicy(DeliveryKind.LOG, 100, 100_000, 60_000, false);
    static final LogPolicy LATEST = new LogPolicy(DeliveryKind.LATEST, 100, 100_000, 60_000, false);
    static final LogPolicy SIGNAL = new LogPolicy(DeliveryKind.SIGNAL, 0, 0, 0, false);
    static final LogPolicy RISING = new LogPolicy(DeliveryKind.LOG, 100, 100_000, 60_000, true);

    private Events() {}

    static LogPolicy keep(int events, long bytes, long ageMillis) {
        return new LogPolicy(DeliveryKind.LOG, events, bytes, ageMillis, false);
    }

    static EventContent content(String id, String resource, long version, String text) {
        Buffer json = Buffer.buffer("{\"id\":\"" + id + "\",\"payload\":\"" + text + "\"}");
        return new EventContent(
                id, Optional.of("said"), resource, Optional.of(resource), version, 0, text.hashCode(), json);
    }

    static Append append(LogPolicy policy, String id) {
        return append(policy, id, "payload of " + id);
    }

    static Append append(LogPolicy policy, String id, String text) {
        return append(ROOM, policy, content(id, "r-" + id, EventContent.NO_VERSION, text));
    }

    static Append append(Address address, LogPolicy policy, EventContent content) {
        return new Append(address, policy, content, content.id(), Optional.empty(), "alice");
    }

    static List<String> ids(List<EventFrame> frames) {
        return frames.stream().map(frame -> frame.content().id()).toList();
    }

    static List<String> ids(ReadResult result) {
        return ids(events(result).events());
    }

    static ReadResult.Events events(ReadResult result) {
        if (result instanceof ReadResult.Events events) {
            return events;
        }
        throw new AssertionError("expected events, got " + result);
    }

    static ReadResult.Lost lost(ReadResult result) {
        if (result instanceof ReadResult.Lost lost) {
            return lost;
        }
        throw new AssertionError("expected a lost position, got events " + ids(result));
    }

    static AppendResult.Appended appended(AppendResult result) {
        if (result instanceof AppendResult.Appended appended) {
            return appended;
        }
        throw new AssertionError("expected appended, got " + result);
    }

    static AppendResult.Refused refused(AppendResult result) {
        if (result instanceof AppendResult.Refused refused) {
            return refused;
        }
        throw new AssertionError("expected a refusal, got " + result);
    }

    static Position place(AppendResult result) {
        return appended(result).position().orElseThrow();
    }
}
