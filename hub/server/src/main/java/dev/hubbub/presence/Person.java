package dev.hubbub.presence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A user at an address: once, however many devices.
 *
 * @param user the user's name
 * @param devices at least one, the one that came first in front
 */
record Person(String user, List<Device> devices) {
    private static final Comparator<Device> BY_ARRIVAL =
            Comparator.comparingLong(Device::sinceMillis).thenComparing(Device::connection);

    Person {
        devices = devices.stream().sorted(BY_ARRIVAL).toList();
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("devices: none (expected: at least one)");
        }
    }

    long sinceMillis() {
        return devices.get(0).sinceMillis();
    }

    /** Returns what is left of the person without the devices of some nodes. */
    Optional<Person> on(Predicate<String> nodes) {
        List<Device> left =
                devices.stream().filter(device -> nodes.test(device.node())).toList();
        return left.isEmpty() ? Optional.empty() : Optional.of(new Person(user, left));
    }

    Person leaving(long nowMillis) {
        return new Person(
                user, devices.stream().map(device -> device.leaving(nowMillis)).toList());
    }

    Person arriving(long nowMillis) {
        return new Person(
                user, devices.stream().map(device -> device.arriving(nowMillis)).toList());
    }

    /** Returns when the next state of a device is over; {@link DeviceState#NEVER} for none. */
    long nextEndMillis(long nowMillis) {
        return devices.stream()
                .flatMap(device -> device.state().stream())
                .mapToLong(DeviceState::endsAtMillis)
                .filter(end -> end > nowMillis)
                .min()
                .orElse(DeviceState.NEVER);
    }

    /** Returns what others see at a time. */
    Shown shownAt(long nowMillis) {
        Device newest = devices.stream()
                .max(Comparator.comparingLong(Device::claimsAtMillis).thenComparing(Device::connection))
                .orElseThrow();
        List<Shown.OneDevice> seen = new ArrayList<>(devices.size());
        for (Device device : devices) {
            seen.add(new Shown.OneDevice(device.connection(), device.sinceMillis(), device.stateAt(nowMillis)));
        }
        return new Shown(user, newest.claims(), seen, stateAt(nowMillis));
    }

    /** Returns the newest state that is set on any device. */
    private String stateAt(long nowMillis) {
        return devices.stream()
                .filter(device ->
                        device.state().filter(set -> !set.isOver(nowMillis)).isPresent())
                .max(Comparator.comparingLong(
                                (Device device) -> device.state().orElseThrow().setAtMillis())
                        .thenComparing(Device::connection))
                .map(device -> device.stateAt(nowMillis))
                .orElse("null");
    }
}
