package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The devices of one node: the truth that owners are told.
 *
 * <p>Pure and mutable; time comes in as an argument. Holds an entry for each connection and address with a roster.
 */
final class HeldDevices {
    private final Map<Address, Map<String, Held>> all = new HashMap<>();
    private final Map<Address, PresencePolicy> policies = new HashMap<>();
    /** Where a state will be over. */
    private final Set<Address> ending = new HashSet<>();

    private Map<Address, Set<String>> changed = new LinkedHashMap<>();
    private Incarnation self;
    private long version;
    private int count;

    HeldDevices(Incarnation self) {
        this.self = self;
    }

    private record Held(Device device, long version) {}

    Incarnation self() {
        return self;
    }

    int count() {
        return count;
    }

    /** Begins another life with the same devices: somebody has declared this one dead. */
    void beginAnew() {
        self = self.next();
    }

    /** Takes a device that has come, or that shows other claims now; since when it is here and its state it keeps. */
    void enter(Address address, PresencePolicy policy, Device device) {
        PresencePolicy said = policies.put(address, policy);
        Map<String, Held> here = all.computeIfAbsent(address, a -> new HashMap<>());
        Held before = here.get(device.connection());
        if (before == null) {
            count++;
            put(address, here, device);
            return;
        }
        if (!policy.equals(said)) {
            note(address, device.connection()); // so that the owner hears what the rule says now
        }
        if (!before.device().claims().equals(device.claims())
                || !before.device().user().equals(device.user())) {
            Device old = before.device();
            put(
                    address,
                    here,
                    new Device(
                            old.connection(),
                            old.node(),
                            device.user(),
                            device.claims(),
                            device.claimsAtMillis(),
                            old.sinceMillis(),
                            old.state()));
        }
    }

    void leave(Address address, String connection) {
        Map<String, Held> here = all.get(address);
        if (here != null && here.remove(connection) != null) {
            count--;
            note(address, connection);
            version++;
            if (here.isEmpty()) {
                all.remove(address);
            }
        }
    }

    /** Sets what a device says of itself; returns false when the device is not here. */
    boolean set(Address address, String connection, Optional<DeviceState> state) {
        Map<String, Held> here = all.get(address);
        Held held = here == null ? null : here.get(connection);
        if (here == null || held == null) {
            return false;
        }
        if (state.filter(set -> set.endsAtMillis() != DeviceState.NEVER).isPresent()) {
            ending.add(address);
        }
        if (!held.device().state().equals(state)) {
            put(address, here, held.device().with(state));
        }
        return true;
    }

    /** Takes back the states whose time is over. */
    void expire(long nowMillis) {
        for (Address address : List.copyOf(ending)) {
            expire(address, all.getOrDefault(address, Map.of()), nowMillis);
        }
    }

    private void expire(Address address, Map<String, Held> here, long nowMillis) {
        boolean more = false;
        for (Held held : List.copyOf(here.values())) {
            Optional<DeviceState> state = held.device().state();
            if (state.filter(set -> set.isOver(nowMillis)).isPresent()) {
                put(address, here, held.device().with(Optional.empty()));
            } else {
                more |= state.filter(set -> set.endsAtMillis() != DeviceState.NEVER)
                        .isPresent();
            }
        }
        if (!more) {
            ending.remove(address);
        }
    }

    private void put(Address address, Map<String, Held> here, Device device) {
        version++;
        here.put(device.connection(), new Held(device, version));
        note(address, device.connection());
    }

    private void note(Address address, String connection) {
        changed.computeIfAbsent(address, a -> new HashSet<>()).add(connection);
    }

    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /** Returns what has changed since the last call, for owners; with the time that is left of states. */
    Map<Address, Part> changes(long nowMillis) {
        Map<Address, Part> parts = new LinkedHashMap<>();
        changed.forEach((address, connections) -> {
            Part part = new Part();
            for (String connection : connections) {
                Held held = all.getOrDefault(address, Map.of()).get(connection);
                part.say(
                        connection,
                        held == null
                                ? new Part.Dot(version, Optional.empty())
                                : new Part.Dot(
                                        held.version(),
                                        Optional.of(held.device().leaving(nowMillis))));
            }
            parts.put(address, part);
        });
        changed = new LinkedHashMap<>();
        return parts;
    }

    /** Returns everything that is at the wanted addresses, as lists that leave no doubt. */
    Map<Address, Part> lists(Predicate<Address> wanted, long nowMillis) {
        version++;
        Map<Address, Part> parts = new LinkedHashMap<>();
        for (Address address : all.keySet()) {
            if (wanted.test(address)) {
                parts.put(address, listOf(address, nowMillis));
            }
        }
        return parts;
    }

    /** Returns everything that is at some addresses, also where nothing is. */
    Map<Address, Part> lists(List<Address> wanted, long nowMillis) {
        version++;
        Map<Address, Part> parts = new LinkedHashMap<>();
        wanted.forEach(address -> parts.put(address, listOf(address, nowMillis)));
        return parts;
    }

    /** Returns what is at an address, with the versions under which it was told. */
    Part peek(Address address) {
        return listOf(address, 0);
    }

    private Part listOf(Address address, long nowMillis) {
        Part part = new Part(version);
        all.getOrDefault(address, Map.of())
                .forEach((connection, held) -> part.say(
                        connection,
                        new Part.Dot(held.version(), Optional.of(held.device().leaving(nowMillis)))));
        return part;
    }

    /** Returns the version of what was told last. */
    long version() {
        return version;
    }

    Set<Address> addresses() {
        return all.keySet();
    }

    PresencePolicy policy(Address address) {
        return Objects.requireNonNull(policies.get(address), "somebody has entered before");
    }

    /** Forgets the policies of addresses where nobody is. */
    void sweep() {
        policies.keySet().removeIf(address -> !all.containsKey(address) && !changed.containsKey(address));
    }
}
