package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.bus.WireTypes;
import dev.hubbub.presence.PresenceMessage.At;
import dev.hubbub.presence.PresenceMessage.Delta;
import dev.hubbub.protocol.Address;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes tell each other arrives as it was sent, or not at all. */
class PresenceWireTest {
    private static final WireTypes TYPES = new WireTypes(PresenceWire.types());
    private static final Address ROOM = new Address("room:1");
    private static final Device PLAIN =
            new Device("c1", "n1", "bob \"é\" 🚀", "{\"sub\":\"bob\"}", 3, 2, Optional.empty());
    private static final Device TYPING = new Device(
            "c2",
            "n2",
            "bob",
            "{}",
            Long.MAX_VALUE,
            0,
            Optional.of(new DeviceState("{\"typing\":true}", 5, DeviceState.NEVER)));

    private static Object travelled(Object message) {
        Buffer wire = write(message);
        return Objects.requireNonNull(TYPES.read(wire, 0, wire.length()));
    }

    private static Buffer write(Object message) {
        Buffer wire = Buffer.buffer();
        TYPES.write(wire, message);
        return wire;
    }

    private static At at() {
        Part part = new Part(7);
        part.say("c1", new Part.Dot(3, Optional.of(PLAIN)));
        part.say("c2", new Part.Dot(9, Optional.of(TYPING)));
        part.say("c3", new Part.Dot(10, Optional.empty()));
        return new At(ROOM, new PresencePolicy(5_000, Optional.of("service:rooms")), part);
    }

    private static List<Object> everything() {
        Incarnation who = new Incarnation("n1", 3);
        Person bob = new Person("bob", List.of(PLAIN, TYPING));
        return List.of(
                new PresenceMessage.Tell(who, 12, 0, List.of()),
                new PresenceMessage.Tell(who, 13, 99, List.of(at())),
                new PresenceMessage.Pull(List.of(ROOM, new Address("room:2"))),
                new PresenceMessage.TellAll("n2"),
                new PresenceMessage.Dead(who),
                new PresenceMessage.Listen("n2", List.of(ROOM)),
                new PresenceMessage.Forget("n2", List.of(ROOM)),
                new PresenceMessage.Changes(
                        "n1", "n1-4", 17, List.of(new Delta(ROOM, List.of(bob), List.of("eve"))), List.of(ROOM)),
                new PresenceMessage.Read(ROOM, 500, Optional.of("bob")),
                new PresenceAnswer.Lists(who, List.of(at())),
                new PresenceAnswer.Listening("n1-4", 17, List.of(Optional.of(List.of(bob)), Optional.empty())),
                new PresenceAnswer.Page(3, 4, "[{}]", true));
    }

    @Test
    void everyMessageArrivesAsItWasSent() {
        for (Object message : everything()) {
            assertThat(travelled(message)).isEqualTo(message);
        }
    }

    @Test
    void everyMessageOfTheRoomTravels() {
        assertThat(everything().stream().map(Object::getClass).distinct().toList())
                .hasSameSizeAs(PresenceWire.types());
    }

    @Test
    void whatIsCutOffIsNoMessage() {
        for (Object message : everything()) {
            Buffer whole = write(message);
            for (int length = 1; length < whole.length(); length++) {
                int end = length;
                assertThatThrownBy(() -> TYPES.read(whole, 0, end))
                        .as("%s cut at %d", message, end)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
