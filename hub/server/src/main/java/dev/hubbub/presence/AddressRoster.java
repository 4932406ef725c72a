package dev.hubbub.presence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The devices at one address, by user; pure and mutable. */
final class AddressRoster {
    private static final Comparator<Person> IN_ORDER =
            Comparator.comparingLong(Person::sinceMillis).thenComparing(Person::user);

    private final Map<String, Map<String, Device>> users = new HashMap<>();
    private int devices;

    /** Adds a device; tells whether its user was not there before. */
    boolean put(Device device) {
        int before = users.size();
        if (users.computeIfAbsent(device.user(), user -> new LinkedHashMap<>(2)).put(device.connection(), device)
                == null) {
            devices++;
        }
        return users.size() > before;
    }

    /** Removes a device; tells whether its user is not there any more. */
    boolean remove(Device device) {
        int before = users.size();
        Map<String, Device> own = users.get(device.user());
        if (own != null && own.remove(device.connection()) != null) {
            devices--;
            if (own.isEmpty()) {
                users.remove(device.user());
            }
        }
        return users.size() < before;
    }

    Optional<Person> person(String user) {
        return Optional.ofNullable(users.get(user)).map(own -> new Person(user, List.copyOf(own.values())));
    }

    List<Person> everybody() {
        List<Person> all = new ArrayList<>(users.size());
        users.forEach((user, own) -> all.add(new Person(user, List.copyOf(own.values()))));
        return all;
    }

    int users() {
        return users.size();
    }

    int devices() {
        return devices;
    }

    boolean isEmpty() {
        return users.isEmpty();
    }

    /** Puts people in the order in which rosters show them: who came first stands first. */
    static List<Person> inOrder(Collection<Person> people) {
        return people.stream().sorted(IN_ORDER).toList();
    }
}
