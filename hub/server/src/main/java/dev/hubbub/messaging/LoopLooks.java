package dev.hubbub.messaging;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.ConnectionView.Place;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Answers what operators ask about one event loop; confined to it. */
final class LoopLooks {
    private final LoopConnections connections;
    private final LoopSubscriber subscriber;
    private final PublishedAddresses published;
    private final Supplier<LimitsConfig> limits;
    private final EventLoop loop;

    LoopLooks(
            LoopConnections connections,
            LoopSubscriber subscriber,
            PublishedAddresses published,
            Supplier<LimitsConfig> limits,
            EventLoop loop) {
        this.connections = connections;
        this.subscriber = subscriber;
        this.published = published;
        this.limits = limits;
        this.loop = loop;
    }

    /** Answers; what has to look at much takes several turns of the loop. */
    Future<?> answer(LoopQuestion.Look question) {
        if (question instanceof LoopQuestion.PageConnections page) {
            return page(page);
        }
        if (question instanceof LoopQuestion.DescribeConnection one) {
            return Future.succeededFuture(
                    find(one.id()).map(held -> List.of(detail(held))).orElse(List.of()));
        }
        if (question instanceof LoopQuestion.CloseConnection close) {
            return Future.succeededFuture(new LoopQuestion.Closed(close(close.id(), close.code(), close.reason())));
        }
        if (question instanceof LoopQuestion.RankAddresses rank) {
            return new AddressRanking(loop, this::load).rank(addresses(), rank);
        }
        return Future.succeededFuture(weigh(((LoopQuestion.WeighAddresses) question).addresses()));
    }

    private Optional<OpenConnection> find(String id) {
        return Optional.ofNullable(connections.newestFirst().get(id));
    }

    private int close(String id, CloseCode code, String reason) {
        Optional<OpenConnection> held = find(id);
        held.ifPresent(found -> found.connection().close(code, reason));
        return held.isPresent() ? 1 : 0;
    }

    private Future<List<ConnectionView>> page(LoopQuestion.PageConnections page) {
        Inspection.Filter filter = page.filter();
        Optional<Address> address = filter.address().filter(Address::isValid).map(Address::new);
        if (filter.address().isPresent() && address.isEmpty()) {
            return Future.succeededFuture(List.of()); // nobody is subscribed to what is no address
        }
        Predicate<OpenConnection> wanted = held -> {
            Connections.Connection connection = held.connection();
            return filter.user()
                            .filter(user -> !user.equals(connection.caller().name()))
                            .isEmpty()
                    && filter.ip()
                            .filter(ip ->
                                    !ip.equals(connection.caller().connection().ip()))
                            .isEmpty()
                    && address.filter(one -> !subscriber.isSubscribed(connection, one))
                            .isEmpty()
                    && (!filter.slow() || isSlow(connection));
        };
        return new Slices<>(loop, connections.newestFirst())
                .collect(page.before(), wanted, page.limit())
                .map(found -> found.stream().map(this::view).toList());
    }

    private ConnectionView view(OpenConnection held) {
        Connections.Connection connection = held.connection();
        return new ConnectionView(
                connections.entry(held),
                connection.caller().connection().agent(),
                connection.unsentBytes(),
                isSlow(connection),
                subscriber.of(connection).size());
    }

    private boolean isSlow(Connections.Connection connection) {
        return connection.unsentBytes() > limits.get().pendingBytes() / 2
                || subscriber.of(connection).stream().anyMatch(subscription -> subscription.blocked);
    }

    private ConnectionView.Detail detail(OpenConnection held) {
        Connections.Connection connection = held.connection();
        List<Place> places = subscriber.of(connection).stream()
                .map(this::place)
                .sorted(Comparator.comparing(Place::address))
                .toList();
        return new ConnectionView.Detail(
                view(held),
                connection.caller().identity().claims(),
                connection.caller().identity().expiresAtMillis(),
                places);
    }

    private Place place(Subscription subscription) {
        Optional<Feed> feed = subscriber.feed(subscription.address);
        Optional<Position> position = feed.flatMap(one -> one.placeOf(subscription));
        return new Place(
                subscription.address.value(),
                feed.map(one -> one.rule().delivery().configName()).orElse("log"),
                name(subscription.state),
                position,
                subscription.blocked,
                subscription.options.presence());
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        for (Feed feed : subscriber.feeds()) {
            all.add(feed.address().value());
        }
        for (String address : published.addresses()) {
            if (subscriber.feed(new Address(address)).isEmpty()) {
                all.add(address);
            }
        }
        return all;
    }

    private AddressLoad load(String address) {
        long now = loop.clock().millis();
        AddressLoad in = published.load(address, now);
        return subscriber
                .feed(new Address(address))
                .map(feed -> in.plus(feed.activity.load(address, feed.members().size(), now)))
                .orElse(in);
    }

    private List<AddressLoad> weigh(List<String> addresses) {
        Map<String, AddressLoad> loads = new HashMap<>();
        addresses.stream().filter(Address::isValid).map(this::load).forEach(load -> loads.put(load.address(), load));
        loads.values().removeIf(load -> load.subscribers() == 0 && load.counts().published() == 0);
        return List.copyOf(loads.values());
    }
}
