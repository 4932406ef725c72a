package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.bus.Timers;
import dev.hubbub.config.ConfigLoader;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.ServerFrame;
import dev.hubbub.replay.FeedMessage;
import dev.hubbub.replay.Replay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The real subscriptions of one event loop, for simulations in other packages. */
public final class SimulatedSubscribers {
    /** The rules of every simulation. */
    public static final PermissionRules RULES = PermissionRules.compile(new ConfigLoader(Map.of())
            .load("hub.yaml", "addresses: [{ match: 'room:{id}', subscribe: true, publish: true }]", List.of()));

    private final LoopSubscriber subscriber;

    /** Makes the subscriptions of a loop. */
    public SimulatedSubscribers(Replay replay, String inbox, Timers timers) {
        this.subscriber = new LoopSubscriber(
                () -> RULES,
                new LoopContext(replay, inbox, timers, new Meters(new SimpleMeterRegistry())),
                new LoopPresence(() -> RULES, new FakePresence(), inbox));
    }

    /** Takes what the node hears. */
    public void take(FeedMessage message) {
        subscriber.take(message);
    }

    /** Subscribes a client; it is told through {@code sink} until it is closed. */
    public Recipient subscribe(String name, Address address, Optional<Position> position, Sink sink) {
        Recipient recipient = new Simulated(name, sink);
        subscriber.subscribe(
                recipient,
                address.value(),
                new SubscribeOptions(position.map(Position::toString), OptionalInt.empty(), false, true));
        return recipient;
    }

    /** Ends everything of a client. */
    public void close(Recipient recipient) {
        subscriber.close(recipient);
    }

    /** What a client is told. */
    public interface Sink {
        /** Takes an event. */
        void event(EventFrame event);

        /** Takes the place from which on it hears. */
        void begun(Position position);

        /** Takes a refusal. */
        void refused(HubException why);
    }

    private record Simulated(String name, Sink sink) implements Recipient {
        @Override
        public ConnectionId connection() {
            return new ConnectionId(name);
        }

        @Override
        public Caller caller() {
            return new Caller.Operator();
        }

        @Override
        public boolean deliver(EventBatch batch) {
            batch.events().forEach(sink::event);
            return true;
        }

        @Override
        public boolean deliver(ServerFrame presence) {
            return true;
        }

        @Override
        public void notice(Notice notice) {
            if (notice instanceof Notice.Subscribed subscribed) {
                sink.begun(subscribed.position());
            }
        }

        @Override
        public void refuse(Address address, HubException why) {
            sink.refused(why);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
