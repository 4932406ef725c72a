package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.WireTypes;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What nodes tell each other arrives as it was sent, or not at all. */
class ReplayWireTest {
    private static final WireTypes TYPES = new WireTypes(ReplayWire.types());

    private final Random random = new Random(20261122);

    private Object travelled(Object message) {
        Buffer wire = write(message);
        return Objects.requireNonNull(TYPES.read(wire, 0, wire.length()));
    }

    private static Buffer write(Object message) {
        Buffer wire = Buffer.buffer();
        TYPES.write(wire, message);
        return wire;
    }

    private String text() {
        List<String> some =
                List.of("", "a", "événement", "\u0000\"\\", "\ud83d\ude80", "x".repeat(random.nextInt(300)));
        return some.get(random.nextInt(some.size())) + random.nextInt(1_000);
    }

    private long number() {
        return random.nextLong() >>> (1 + random.nextInt(63));
    }

    private Address address() {
        return new Address("room:" + random.nextInt(1_000));
    }

    private Position position() {
        return new Position("E" + random.nextInt(99), random.nextInt(9) + "-OWNER", random.nextInt(1_000_000));
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> some(Supplier<T> value) {
        List<T> all = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            all.add(value.get());
        }
        return all;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private LogPolicy policy() {
        DeliveryKind kind = oneOf(List.of(DeliveryKind.LOG, DeliveryKind.LATEST, DeliveryKind.SIGNAL));
        return new LogPolicy(kind, random.nextInt(10_000), number(), number(), random.nextBoolean());
    }

    private EventContent content() {
        byte[] json = new byte[random.nextInt(2_000)];
        random.nextBytes(json);
        return new EventContent(
                text(),
                maybe(this::text),
                text(),
                maybe(this::text),
                random.nextInt(5) - 1,
                number(),
                random.nextLong(),
                Buffer.buffer(json));
    }

    private EventFrame frame() {
        return new EventFrame(address(), maybe(this::position), content(), maybe(() -> new ConnectionId(text())));
    }

    private Append append() {
        return new Append(address(), policy(), content(), text(), maybe(() -> new ConnectionId(text())), text());
    }

    private AppendResult result() {
        return random.nextBoolean()
                ? new AppendResult.Appended(text(), maybe(this::position), random.nextBoolean())
                : new AppendResult.Refused(new HubException(
                        ErrorCode.STALE_VERSION, text(), new JsonObject().put("currentVersion", random.nextInt())));
    }

    private LogInfo info() {
        return new LogInfo(
                address(),
                DeliveryKind.LOG,
                random.nextInt(100),
                number(),
                maybe(this::position),
                maybe(this::position),
                Map.of(text(), random.nextInt(9)));
    }

    private ReadFrom from() {
        return List.of(
                        new ReadFrom.After(position()),
                        new ReadFrom.Start(),
                        new ReadFrom.Recent(random.nextInt(99)),
                        new ReadFrom.Search(text()))
                .get(random.nextInt(4));
    }

    private List<Object> oneOfEach() {
        return List.of(
                new OwnerQuestion.AppendEvents(some(this::append)),
                new OwnerQuestion.Listen(text(), some(() -> new OwnerQuestion.Wanted(address(), policy()))),
                new OwnerQuestion.Forget(text(), some(this::address)),
                new OwnerQuestion.Read(address(), policy(), from(), new ReadLimits(1 + random.nextInt(99), number())),
                new OwnerQuestion.Info(address()),
                new OwnerQuestion.ListLogs(text(), maybe(this::text), random.nextInt(99)),
                new OwnerQuestion.SameView(random.nextLong()),
                new OwnerQuestion.LookAgain(new OwnerQuestion.Wanted(address(), policy())),
                new OwnerAnswer.Results(some(this::result)),
                new OwnerAnswer.Listening(
                        text(),
                        number(),
                        some(() -> new OwnerAnswer.Heard(
                                maybe(() -> new Attached(position(), some(this::frame))), text()))),
                new OwnerAnswer.Logs(some(this::info)),
                new OwnerAnswer.View(random.nextBoolean()),
                new ReadResult.Events(some(this::frame), position(), random.nextBoolean()),
                new ReadResult.Lost(
                        oneOf(List.of(
                                ReadResult.Reason.EPOCH,
                                ReadResult.Reason.DIVERGED,
                                ReadResult.Reason.RETENTION,
                                ReadResult.Reason.TOO_FAR)),
                        position()),
                new LinkBatch(
                        text(),
                        text(),
                        number(),
                        some(() -> new Delivery(address(), DeliveryKind.LOG, some(this::frame))),
                        some(() -> new LinkBatch.Head(address(), position())),
                        some(this::address)),
                new Canary(text(), random.nextBoolean(), some(this::text)));
    }

    @Test
    void everyMessageArrivesAsItWasSent() {
        for (int round = 0; round < 300; round++) {
            for (Object message : oneOfEach()) {
                // Frames and failures have no equality of their own: their bytes say whether they are the same.
                Object arrived = travelled(message);
                assertThat(arrived).hasSameClassAs(message);
                assertThat(write(arrived)).isEqualTo(write(message));
            }
        }
    }

    @Test
    void everyMessageOfTheRoomTravels() {
        assertThat(oneOfEach()).hasSameSizeAs(ReplayWire.types());
    }

    @Test
    void cutOrChangedBytesAreRefusedInWords() {
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            for (Object message : oneOfEach()) {
                Buffer wire = write(message);
                int cut = 1 + random.nextInt(wire.length());
                refused += isRefused(wire.getBuffer(0, Math.min(cut, wire.length()))) ? 1 : 0;
                Buffer changed = wire.copy();
                changed.setByte(random.nextInt(wire.length()), (byte) random.nextInt(256));
                refused += isRefused(changed) ? 1 : 0;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private static boolean isRefused(Buffer wire) {
        try {
            Object read = TYPES.read(wire, 0, wire.length());
            return read == null;
        } catch (IllegalArgumentException inWords) {
            return true;
        }
    }
}
