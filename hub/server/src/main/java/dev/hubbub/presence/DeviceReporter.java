package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.presence.PresenceMessage.At;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells owners of the devices of this node.
 *
 * <p>Changes go out together {@value #GATHER_MILLIS} ms after the first. Every {@value #BEAT_SECONDS} s each node hears
 * from this one, and every {@value #ROUND_SECONDS} s everything, as also when members have changed, when an address has
 * moved (that one), and when an owner asks. Confined to one event loop.
 */
final class DeviceReporter {
    static final long GATHER_MILLIS = 20;
    static final int BEAT_SECONDS = 2;
    static final int ROUND_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(DeviceReporter.class);

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final PresenceMeters meters;
    private final HeldDevices held;
    private final Map<String, Long> numbers = new HashMap<>();

    /**
     * Who was told of an address last; also of one that is empty since the last round, as that may have been missed.
     */
    private final Map<Address, String> owners = new HashMap<>();

    private boolean gathering;
    private long view;
    private long seconds;

    DeviceReporter(Bus bus, Ownership ownership, EventLoop loop, PresenceMeters meters) {
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.meters = meters;
        this.held = new HeldDevices(Incarnation.first(ownership.node()));
        this.view = ownership.view();
    }

    void enter(LocalMessage.Enter enter) {
        long now = loop.clock().millis();
        held.enter(
                enter.address(),
                enter.policy(),
                new Device(
                        enter.connection(),
                        ownership.node(),
                        enter.user(),
                        enter.claims(),
                        now,
                        now,
                        Optional.empty()));
        gather();
    }

    void leave(LocalMessage.Leave leave) {
        held.leave(leave.address(), leave.connection());
        gather();
    }

    /** Sets a device's state; fails when it is not there. */
    Future<Object> set(LocalMessage.SetState set) {
        long now = loop.clock().millis();
        long ends = set.expiresMillis() == 0 ? DeviceState.NEVER : now + set.expiresMillis();
        Optional<DeviceState> state = set.json().map(json -> new DeviceState(json, now, ends));
        if (!held.set(set.address(), set.connection(), state)) {
            return Future.failedFuture(
                    new HubException(ErrorCode.ACCESS_DENIED, "you are not in the roster of " + set.address()));
        }
        gather();
        return Future.succeededFuture();
    }

    private void gather() {
        meters.devices(held.count());
        if (!gathering && held.hasChanged()) {
            gathering = true;
            loop.after(GATHER_MILLIS, () -> {
                gathering = false;
                tellChanges();
            });
        }
    }

    private void tellChanges() {
        Map<String, List<At>> byOwner = new LinkedHashMap<>();
        held.changes(loop.clock().millis()).forEach((address, part) -> {
            String owner = ownership.ownerOf(address);
            String before = owners.put(address, owner);
            if (before != null && !before.equals(owner)) {
                tellLists(owner, List.of(address)); // moved, and not announced yet
                return;
            }
            byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(new At(address, held.policy(address), part));
        });
        byOwner.forEach((owner, all) -> tell(owner, 0, all));
    }

    private void tell(String owner, long floor, List<At> all) {
        long number = numbers.merge(owner, 1L, Long::sum);
        PresenceInbox.tell(bus, ownership.node(), owner, new PresenceMessage.Tell(held.self(), number, floor, all));
    }

    private void tellLists(String owner, List<Address> addresses) {
        tell(owner, 0, at(held.lists(addresses, loop.clock().millis())));
    }

    /** Tells an owner everything that this node has for it. */
    void tellAll(String owner) {
        Map<Address, Part> lists = held.lists(
                address -> ownership.ownerOf(address).equals(owner),
                loop.clock().millis());
        lists.keySet().forEach(address -> owners.put(address, owner));
        tell(owner, held.version(), at(lists));
    }

    private List<At> at(Map<Address, Part> parts) {
        List<At> all = new ArrayList<>(parts.size());
        parts.forEach((address, part) -> all.add(new At(
                address,
                held.addresses().contains(address) ? held.policy(address) : new PresencePolicy(0, Optional.empty()),
                part)));
        return all;
    }

    /** Answers an owner that has to know who is at some addresses. */
    PresenceAnswer.Lists pull(PresenceMessage.Pull pull) {
        return new PresenceAnswer.Lists(
                held.self(), at(held.lists(pull.addresses(), loop.clock().millis())));
    }

    /** Begins another life when this one was declared dead. */
    void dead(PresenceMessage.Dead dead) {
        if (dead.who().equals(held.self())) {
            held.beginAnew();
            LOG.warn(
                    "presence_begun_anew node={} life={}",
                    ownership.node(),
                    held.self().number());
            tellEverybody();
        }
    }

    private void tellEverybody() {
        owners.keySet().retainAll(held.addresses());
        ownership.nodes().forEach(this::tellAll);
    }

    /** Takes note that members came or went, or that addresses moved. */
    void changed(Ownership.Change change) {
        change.gone().forEach(numbers::remove);
        long now = ownership.view();
        if (now != view) {
            view = now;
            tellEverybody();
            return;
        }
        Map<String, List<Address>> moved = new LinkedHashMap<>();
        owners.replaceAll((address, before) -> {
            String owner = ownership.ownerOf(address);
            if (!owner.equals(before)) {
                moved.computeIfAbsent(owner, o -> new ArrayList<>()).add(address);
            }
            return owner;
        });
        moved.forEach(this::tellLists);
    }

    /** Called once a second. */
    void second() {
        seconds++;
        held.expire(loop.clock().millis());
        held.sweep();
        gather();
        if (seconds % ROUND_SECONDS == 0) {
            tellEverybody();
        } else if (seconds % BEAT_SECONDS == 0) {
            ownership.nodes().forEach(node -> tell(node, 0, List.of()));
        }
    }
}
