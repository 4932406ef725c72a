package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.WireTypes;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Real presence of several nodes in one thread: time, network, members and owners are made up, the same for a seed. */
final class SimulatedCluster {
    private static final WireTypes TYPES = new WireTypes(PresenceWire.types());
    private static final long DEADLINE_MILLIS = 5_000;

    final Random random;
    final Map<String, Node> nodes = new TreeMap<>();
    private final PriorityQueue<Happening> queue =
            new PriorityQueue<>(Comparator.comparingLong(Happening::atMillis).thenComparingLong(Happening::order));
    private final Map<String, Long> lastArrival = new HashMap<>();
    private final Map<Address, String> owners = new HashMap<>();
    private final List<Address> addresses;
    private long nowMillis = 1_000_000;
    private long order;
    private int started;
    private long views;

    /** How many of a hundred messages between nodes are lost. */
    int lostPercent;

    private record Happening(long atMillis, long order, Runnable action) {}

    private record View(long number, Set<String> members, Map<Address, String> owners) {}

    SimulatedCluster(long seed, List<Address> addresses) {
        this.random = new Random(seed);
        this.addresses = addresses;
    }

    long now() {
        return nowMillis;
    }

    void run(long millis) {
        long until = nowMillis + millis;
        while (!queue.isEmpty() && queue.element().atMillis() <= until) {
            Happening next = queue.remove();
            nowMillis = next.atMillis();
            next.action().run();
        }
        nowMillis = until;
    }

    private void at(long millis, Runnable action) {
        queue.add(new Happening(nowMillis + millis, order++, action));
    }

    /** Starts a node; the others hear of it one after the other. */
    Node start() {
        Node node = new Node("n" + ++started);
        nodes.put(node.name, node);
        if (nodes.size() == 1) {
            addresses.forEach(address -> owners.put(address, node.name));
        }
        changed(Set.of());
        return node;
    }

    /** Kills a node without a word. */
    void kill(Node node) {
        node.alive = false;
        nodes.remove(node.name);
        for (Address address : addresses) {
            if (node.name.equals(owners.get(address))) {
                owners.put(address, any());
            }
        }
        changed(Set.of(node.name));
    }

    /** Gives an address to another node. */
    void move(Address address) {
        owners.put(address, any());
        changed(Set.of());
    }

    String any() {
        List<String> names = List.copyOf(nodes.keySet());
        return names.get(random.nextInt(names.size()));
    }

    /** What has changed reaches each node at another moment. */
    private void changed(Set<String> gone) {
        Set<String> members = new TreeSet<>(nodes.keySet());
        View view = new View(++views, members, new HashMap<>(owners));
        nodes.values().forEach(node -> node.after(random.nextInt(300), () -> node.see(view, gone)));
    }

    /** One node: its real presence, and a client that looks at every address. */
    final class Node implements Ownership, EventLoop, Bus {
        final String name;
        final PresenceNode presence;
        final Map<Address, SimulatedLooker> lookers = new TreeMap<>(Comparator.comparing(Address::value));
        boolean alive = true;
        private View view;

        Node(String name) {
            this.name = name;
            Set<String> members = new TreeSet<>(nodes.keySet());
            members.add(name);
            this.view = new View(0, members, new HashMap<>(owners));
            this.presence = new PresenceNode(
                    this, this, this, (service, body) -> Future.succeededFuture(), new SimpleMeterRegistry());
            after(random.nextInt(100), this::tick);
            after(random.nextInt(1_000), this::second);
        }

        private void tick() {
            presence.tick();
            after(100, this::tick);
        }

        private void second() {
            presence.second();
            after(1_000, this::second);
        }

        /** What is seen never goes back in time. */
        private void see(View now, Set<String> gone) {
            view = now.number() > view.number() ? now : view;
            presence.changed(new Change(gone));
        }

        void say(LocalMessage message) {
            Future<Object> unused = presence.answer(message);
        }

        void look(Address address, long graceMillis) {
            lookers.put(address, new SimulatedLooker(name + " at " + address));
            say(new LocalMessage.Watch(address, new PresencePolicy(graceMillis, java.util.Optional.empty()), "inbox"));
        }

        // ---- the loop

        @Override
        public void after(long millis, Runnable action) {
            at(millis, () -> {
                if (alive) {
                    action.run();
                }
            });
        }

        @Override
        public void soon(Runnable action) {
            after(0, action);
        }

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochMilli(nowMillis);
                }
            };
        }

        // ---- who owns what

        @Override
        public String node() {
            return name;
        }

        @Override
        public Set<String> nodes() {
            return view.members();
        }

        @Override
        public String ownerOf(Address address) {
            return view.owners().getOrDefault(address, name);
        }

        @Override
        public boolean isServing() {
            return true;
        }

        @Override
        public long view() {
            return view.members().hashCode();
        }

        @Override
        public void onChange(Consumer<Change> listener) {
            throw new UnsupportedOperationException("the simulation tells the node itself");
        }

        // ---- the bus

        @Override
        public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
            throw new UnsupportedOperationException("the simulation knows the inboxes");
        }

        @Override
        public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
            throw new UnsupportedOperationException("the simulation knows the inboxes");
        }

        @Override
        public void tell(Reach reach, String inbox, Object message) {
            if (message instanceof PresenceNews news) {
                soon(() -> Objects.requireNonNull(lookers.get(news.address())).take(news));
            } else {
                send(inbox, message, answer -> {});
            }
        }

        @Override
        @SuppressWarnings("unchecked") // as on every bus, who asks knows what is answered
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            Promise<A> answer = Promise.promise();
            send(inbox, question, done -> {
                if (done.succeeded()) {
                    answer.tryComplete((A) done.result());
                } else {
                    answer.tryFail(done.cause());
                }
            });
            after(DEADLINE_MILLIS, () -> answer.tryFail(new HubException(ErrorCode.TIMEOUT, "no answer in time")));
            return answer.future();
        }

        private void send(String inbox, Object message, Consumer<Future<Object>> answered) {
            String to = inbox.substring("hub.presence.".length());
            Object travels = to.equals(name) ? message : travelled(message);
            cross(name, to, () -> {
                Node other = nodes.get(to);
                if (other != null) {
                    other.presence.answer((PresenceMessage) travels).onComplete(done -> {
                        Object result = done.result();
                        Future<Object> back = done.failed()
                                ? Future.failedFuture(done.cause())
                                : Future.succeededFuture(
                                        result == null || to.equals(name) ? result : travelled(result));
                        cross(to, name, () -> {
                            if (alive) {
                                answered.accept(back);
                            }
                        });
                    });
                }
            });
        }

        SimulatedLooker looker(Address address) {
            return Objects.requireNonNull(lookers.get(address));
        }
    }

    private void cross(String from, String to, Runnable arrival) {
        if (!from.equals(to) && random.nextInt(100) < lostPercent) {
            return;
        }
        long delay = from.equals(to) ? 0 : random.nextInt(20) == 0 ? random.nextInt(400) : random.nextInt(5);
        String way = from + ">" + to;
        long arrives = Math.max(nowMillis + delay, lastArrival.getOrDefault(way, 0L));
        lastArrival.put(way, arrives);
        at(arrives - nowMillis, arrival);
    }

    private static Object travelled(Object message) {
        Buffer wire = Buffer.buffer();
        TYPES.write(wire, message);
        return Objects.requireNonNull(TYPES.read(wire, 0, wire.length()));
    }

    List<Node> alive() {
        return new ArrayList<>(nodes.values());
    }
}
