package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.presence.PresenceMessage.At;
import dev.hubbub.presence.PresenceMessage.Delta;
import dev.hubbub.presence.PresenceMessage.Tell;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rosters of the addresses that this node owns.
 *
 * <p>Takes in what nodes tell, whatever the order, and passes on by user what is different to the nodes that listen.
 * Devices of nodes that are no members, or have been silent for longer than their lease, are not there for any reader.
 * Before an address that has come here is read or listened to, every node is asked what it has there, so that nobody
 * vanishes because of a move ({@link Pulls}).
 *
 * <p>Confined to one event loop. Holds what nodes hold, and the addresses that somebody listens to.
 */
final class PresenceOwner {
    static final long GATHER_MILLIS = 20;
    static final int MOST_TOMBSTONES = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(PresenceOwner.class);
    private static final long SETTLED_MILLIS = 5_000;
    private static final long STRAY_MILLIS = 30_000;

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final PresenceMeters meters;
    private final RosterNotices notices;
    private final String self;
    private final OwnerLinks links;
    private final Leases leases;
    private final NodeAsks asks;
    private final Pulls pulls;
    private final RawRoster raw = new RawRoster();
    private final Map<Address, OwnedAddress> owned = new HashMap<>();
    private final Map<String, Long> lastNumbers = new HashMap<>();
    private final Set<String> askedForAll = new HashSet<>();
    private final Set<OwnedAddress> changed = new LinkedHashSet<>();
    private boolean gathering;
    private long movedAtMillis;

    PresenceOwner(Bus bus, Ownership ownership, EventLoop loop, PresenceMeters meters, RosterNotices notices) {
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.meters = meters;
        this.notices = notices;
        this.self = ownership.node();
        this.links = new OwnerLinks(bus, self);
        this.leases = new Leases(self);
        this.asks = new NodeAsks(bus, self);
        this.pulls = new Pulls(asks, ownership, loop, meters);
        lookWhoLives();
    }

    private long now() {
        return loop.clock().millis();
    }

    // ---- what nodes tell

    /** Takes what a node tells of its devices. */
    void take(Tell tell) {
        String node = tell.who().node();
        leases.heard(node, now());
        if (!leases.isAlive(node)) {
            lookWhoLives();
        }
        if (raw.isDead(tell.who())) {
            if (ownership.nodes().contains(node)) {
                PresenceInbox.tell(bus, self, node, new PresenceMessage.Dead(tell.who()));
            }
            return;
        }
        count(tell);
        if (tell.floor() > 0) {
            takeAll(tell);
        } else {
            tell.all().forEach(at -> takePart(tell.who(), at));
        }
    }

    /** A number that was skipped is news that was lost: the node has to tell everything. */
    private void count(Tell tell) {
        String node = tell.who().node();
        long last = lastNumbers.getOrDefault(node, 0L);
        if (tell.floor() > 0) {
            askedForAll.remove(node);
        } else if (tell.number() > last + 1) {
            askForAll(node);
        }
        lastNumbers.put(node, tell.floor() > 0 ? tell.number() : Math.max(last, tell.number()));
    }

    private void askForAll(String node) {
        if (askedForAll.add(node)) {
            PresenceInbox.tell(bus, self, node, new PresenceMessage.TellAll(self));
        }
    }

    private void takeAll(Tell tell) {
        Map<Address, Part> parts = new LinkedHashMap<>();
        for (At at : tell.all()) {
            parts.put(at.address(), arriving(at.part()));
            policy(at);
        }
        int[] ghosts = new int[1];
        raw.mergeAll(tell.who(), tell.floor(), parts, (address, before, after) -> {
            if (after.isEmpty()) {
                ghosts[0]++;
            }
            changed(address, before, after);
        });
        meters.ghosts(ghosts[0]);
    }

    private void takePart(Incarnation who, At at) {
        policy(at);
        raw.merge(who, at.address(), arriving(at.part()), (address, before, after) -> changed(address, before, after));
        boolean left = at.part().tombstones() > 0;
        if (left && raw.tombstones(who, at.address()) > MOST_TOMBSTONES) {
            askForAll(who.node());
        }
    }

    private Part arriving(Part told) {
        long now = now();
        Part part = new Part(told.floor());
        told.dots()
                .forEach((connection, dot) -> part.say(
                        connection, new Part.Dot(dot.version(), dot.device().map(device -> device.arriving(now)))));
        return part;
    }

    private void policy(At at) {
        if (at.part().dots().isEmpty()) {
            return;
        }
        OwnedAddress here = here(at.address());
        here.policy = at.policy();
        boolean isNew = here.noticed == null && at.policy().service().isPresent() && isMine(here.address);
        if (isNew) {
            here.noticed = ToldRoster.forServices(at.policy().graceMillis());
            // What came with a move has been told by the owner before, or by nobody; never twice.
            boolean moved = now() - movedAtMillis < SETTLED_MILLIS;
            if (moved) {
                makeWhole(List.of(here))
                        .onSuccess(whole -> notices.begin(here, now()))
                        .onFailure(failure -> LOG.debug("presence_moved_on address={}", here.address, failure));
            } else {
                here.whole = true;
                notices.begin(here, now());
            }
        } else if (at.policy().service().isEmpty()) {
            here.noticed = null;
        }
    }

    // ---- what is different

    private OwnedAddress here(Address address) {
        return owned.computeIfAbsent(address, OwnedAddress::new);
    }

    private void changed(Address address, Optional<Device> before, Optional<Device> after) {
        before.ifPresent(device -> remove(address, device));
        after.filter(device -> leases.isAlive(device.node())).ifPresent(device -> put(address, device));
    }

    private void put(Address address, Device device) {
        OwnedAddress here = here(address);
        if (here.roster.put(device)) {
            meters.came();
        }
        touch(here, device.user());
    }

    private void remove(Address address, Device device) {
        OwnedAddress here = here(address);
        if (here.roster.remove(device)) {
            meters.went();
        }
        touch(here, device.user());
    }

    private void touch(OwnedAddress here, String user) {
        here.dirty.add(user);
        changed.add(here);
        if (!gathering) {
            gathering = true;
            loop.after(GATHER_MILLIS, () -> {
                gathering = false;
                passOn();
            });
        }
    }

    private void passOn() {
        long now = now();
        for (OwnedAddress here : changed) {
            List<Person> present = new ArrayList<>();
            List<String> gone = new ArrayList<>();
            for (String user : here.dirty) {
                Optional<Person> person = here.roster.person(user);
                notices.take(here, user, person, now);
                person.ifPresentOrElse(one -> present.add(one.leaving(now)), () -> gone.add(user));
            }
            here.dirty.clear();
            Delta delta = new Delta(here.address, present, gone);
            here.listeners.forEach(node -> links.add(node, delta));
        }
        changed.clear();
        links.send();
    }

    private void lookWhoLives() {
        Set<String> before = leases.alive();
        if (!leases.look(ownership.nodes(), now())) {
            return;
        }
        Set<String> after = leases.alive();
        before.stream().filter(node -> !after.contains(node)).forEach(node -> {
            if (ownership.nodes().contains(node)) {
                LOG.warn("presence_node_silent node={} millis={}", node, Leases.LEASE_MILLIS);
            }
            raw.eachOf(node, this::remove);
        });
        after.stream().filter(node -> !before.contains(node)).forEach(node -> raw.eachOf(node, this::put));
    }

    // ---- who asks

    /** Begins to tell a node of some addresses, and says who is there now. */
    Future<Object> listen(PresenceMessage.Listen listen) {
        List<OwnedAddress> mine =
                listen.addresses().stream().filter(this::isMine).map(this::here).toList();
        return makeWhole(mine).map(whole -> {
            passOn(); // so that the answer has nothing that the link will say once more
            OwnerLinks.Link link = links.to(listen.node());
            long now = now();
            List<Optional<List<Person>>> answers = new ArrayList<>();
            for (Address address : listen.addresses()) {
                if (isMine(address)) {
                    OwnedAddress here = here(address);
                    here.listeners.add(listen.node());
                    answers.add(Optional.of(here.roster.everybody().stream()
                            .map(person -> person.leaving(now))
                            .toList()));
                } else {
                    answers.add(Optional.empty());
                }
            }
            return new PresenceAnswer.Listening(link.name, link.number, answers);
        });
    }

    void forget(PresenceMessage.Forget forget) {
        for (Address address : forget.addresses()) {
            OwnedAddress here = owned.get(address);
            if (here != null) {
                here.listeners.remove(forget.node());
            }
        }
    }

    /** Reads a page of a roster, by name. */
    Future<Object> read(PresenceMessage.Read read) {
        if (!isMine(read.address())) {
            return Future.failedFuture(moved(read.address()));
        }
        return makeWhole(List.of(here(read.address()))).map(whole -> {
            AddressRoster roster = here(read.address()).roster;
            String after = read.after().orElse("");
            List<Person> page = roster.everybody().stream()
                    .filter(person -> person.user().compareTo(after) > 0)
                    .sorted(java.util.Comparator.comparing(Person::user))
                    .limit(read.limit() + 1L)
                    .toList();
            boolean more = page.size() > read.limit();
            long now = now();
            String text = RosterText.people(page.stream()
                    .limit(read.limit())
                    .map(person -> person.shownAt(now))
                    .toList());
            return new PresenceAnswer.Page(roster.users(), roster.devices(), text, more);
        });
    }

    private boolean isMine(Address address) {
        return ownership.ownerOf(address).equals(self);
    }

    private static HubException moved(Address address) {
        return new HubException(ErrorCode.UNAVAILABLE, address + " is on its way to another node; try again");
    }

    /** Asks every node for what it has at addresses that have come here, once for each address. */
    private Future<Void> makeWhole(List<OwnedAddress> addresses) {
        List<OwnedAddress> unknown = addresses.stream()
                .filter(here -> !here.whole && here.asking == null)
                .toList();
        if (!unknown.isEmpty()) {
            Future<Void> asking =
                    pulls.everywhere(unknown.stream().map(here -> here.address).toList(), this::takePart);
            unknown.forEach(here -> here.asking = asking);
            asking.onComplete(done -> unknown.forEach(here -> {
                here.asking = null;
                here.whole = true;
            }));
        }
        List<Future<Void>> underWay = new ArrayList<>();
        for (OwnedAddress here : addresses) {
            Future<Void> asking = here.asking;
            if (asking != null) {
                underWay.add(asking);
            }
        }
        return underWay.isEmpty()
                ? Future.succeededFuture()
                : Future.all(underWay).mapEmpty();
    }

    // ---- members, moves, time

    /** Takes note that members came or went, or that addresses moved. */
    void changed(Ownership.Change change) {
        int[] ghosts = new int[1];
        for (String node : change.gone()) {
            lastNumbers.remove(node);
            askedForAll.remove(node);
            raw.bury(node, (address, before, after) -> {
                ghosts[0]++;
                changed(address, before, after);
            });
        }
        meters.ghosts(ghosts[0]);
        asks.gone(change.gone());
        lookWhoLives();
        Set<String> nodes = ownership.nodes();
        links.retain(nodes);
        movedAtMillis = now();
        dropWhatMoved(nodes);
        links.send();
    }

    private void dropWhatMoved(Set<String> nodes) {
        owned.values().removeIf(here -> {
            here.listeners.retainAll(nodes);
            boolean lost = !isMine(here.address);
            if (lost) {
                here.listeners.forEach(node -> links.moved(node, here.address));
                raw.forget(here.address);
                changed.remove(here);
            }
            return lost;
        });
    }

    /** Called ten times a second: services hear who has left. */
    void tick() {
        // News of an address that has moved may still come here; the services hear of it from its owner.
        notices.tick(
                owned.values().stream().filter(here -> isMine(here.address)).toList(), now());
    }

    /** Called once a second. */
    void second() {
        lookWhoLives();
        links.beat();
        askedForAll.clear();
        owned.values().removeIf(here -> here.isIdle() && !changed.contains(here));
        if (now() - movedAtMillis > STRAY_MILLIS) {
            dropWhatMoved(ownership.nodes()); // what came here by mistake, from a node that was behind
        }
        meters.rosters(owned.values());
    }
}
