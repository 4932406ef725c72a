package dev.hubbub.presence;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A user as subscribers see it at one moment; JSON in text form is passed on as it is.
 *
 * @param user the user's name
 * @param claims a JSON object
 * @param devices the one that came first in front
 * @param state the newest state of the devices, {@code null} for none
 */
record Shown(String user, String claims, List<OneDevice> devices, String state) {
    Shown {
        devices = List.copyOf(devices);
    }

    /** One device as subscribers see it. */
    record OneDevice(String id, long sinceMillis, String state) {}

    /** Tells whether none of the devices is one that the other has: the user went, and came back. */
    boolean isOnOtherDevicesThan(Shown other) {
        Set<String> ids = new HashSet<>();
        other.devices.forEach(device -> ids.add(device.id()));
        return devices.stream().noneMatch(device -> ids.contains(device.id()));
    }

    /** Tells whether the other looks the same but for the names of its devices and since when they are here. */
    boolean looksLike(Shown other) {
        return claims.equals(other.claims)
                && state.equals(other.state)
                && devices.stream()
                        .map(OneDevice::state)
                        .sorted()
                        .toList()
                        .equals(other.devices.stream()
                                .map(OneDevice::state)
                                .sorted()
                                .toList());
    }
}
