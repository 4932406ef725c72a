package dev.hubbub.presence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, and what has been told of it; the difference becomes numbered changes.
 *
 * <p>A user that vanishes is told as a leave after the grace; one that comes back within it, and looks the same but for
 * the names of its devices, is told as nothing. Above {@value #MOST_WHOLE} users only the first {@value #PAGE} are
 * told, and counts, these alone at most every {@value #COUNTS_MILLIS} ms; from {@value #WHOLE_AGAIN} down it is
 * everybody again. States end by themselves.
 *
 * <p>Pure: time comes in as an argument. Holds the users of one address twice, as they are and as they were told.
 */
final class ToldRoster {
    static final int MOST_WHOLE = 1_000;
    static final int WHOLE_AGAIN = 900;
    static final int PAGE = 100;
    static final long COUNTS_MILLIS = 500;

    private final Map<String, Person> now = new HashMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private final Set<String> away = new LinkedHashSet<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final int mostWhole;
    private final int wholeAgain;
    private long graceMillis;
    private int devices;
    private boolean partial;
    private long seq;
    private long handedOut;
    private long looks;
    private int toldUsers;
    private int toldDevices;
    private long lastToldMillis;

    private ToldRoster(long graceMillis, int mostWhole, int wholeAgain) {
        this.graceMillis = graceMillis;
        this.mostWhole = mostWhole;
        this.wholeAgain = wholeAgain;
    }

    /** Tells subscribers: many users become a page and counts. */
    static ToldRoster forSubscribers(long graceMillis) {
        return new ToldRoster(graceMillis, MOST_WHOLE, WHOLE_AGAIN);
    }

    /** Tells somebody who hears of every user. */
    static ToldRoster forServices(long graceMillis) {
        return new ToldRoster(graceMillis, Integer.MAX_VALUE, 0);
    }

    /** What has been told of one user. */
    private static final class Told {
        private Person person;
        private Shown shown;
        private boolean isAway;
        private long awaySinceMillis;

        /** The first roster that was handed out without this user. */
        private long missingFrom;

        Told(Person person, Shown shown) {
            this.person = person;
            this.shown = shown;
        }
    }

    /**
     * What is to be told.
     *
     * @param whole whether everybody gets the roster anew; there are no changes then
     * @param changes in no order that matters, each user once
     * @param rosterFrom who got a roster with this number or a later one gets it anew, since somebody who was missing
     *     there came back without a word
     */
    record News(boolean whole, List<Change> changes, OptionalLong rosterFrom) {}

    /** What a subscriber gets first. */
    record Roster(long seq, int users, int devices, boolean partial, List<Shown> people) {}

    void grace(long millis) {
        graceMillis = millis;
    }

    long seq() {
        return seq;
    }

    int users() {
        return now.size();
    }

    int devices() {
        return devices;
    }

    Collection<Person> people() {
        return now.values();
    }

    /** Takes what a user is now. */
    void put(Person person) {
        Person before = now.put(person.user(), person);
        devices +=
                person.devices().size() - (before == null ? 0 : before.devices().size());
        dirty.add(person.user());
    }

    /** Takes that a user is not here any more. */
    void remove(String user, long nowMillis) {
        Person before = now.remove(user);
        if (before == null) {
            return;
        }
        devices -= before.devices().size();
        dirty.add(user);
        Told known = told.get(user);
        if (known != null && !known.isAway) {
            known.isAway = true;
            known.awaySinceMillis = nowMillis;
            known.missingFrom = handedOut + 1;
            away.add(user);
            looks++;
        }
    }

    /** Takes everybody who is here now. */
    void replace(Collection<Person> everybody, long nowMillis) {
        Set<String> gone = new HashSet<>(now.keySet());
        everybody.forEach(person -> {
            gone.remove(person.user());
            put(person);
        });
        gone.forEach(user -> remove(user, nowMillis));
    }

    /** Takes what is here as told, without a word: for the first look. */
    void begin(long nowMillis) {
        partial = now.size() > mostWhole;
        tellEverybody(nowMillis);
    }

    /** Tells whether there may be something to tell, now or later. */
    boolean isBusy() {
        return !dirty.isEmpty() || !away.isEmpty() || !ends.isEmpty() || hasOtherCounts();
    }

    /** Counts a roster that goes to a subscriber, and returns its number; see {@link News#rosterFrom}. */
    long handOut() {
        handedOut++;
        return handedOut;
    }

    /** Returns another number whenever {@link #roster} would return another roster. */
    long looks() {
        return looks;
    }

    /** Returns the roster as it has been told, without those who are away. */
    Roster roster() {
        List<Shown> people = told.values().stream()
                .filter(known -> !known.isAway)
                .map(known -> known.shown)
                .toList();
        int its = people.stream().mapToInt(shown -> shown.devices().size()).sum();
        return new Roster(seq, partial ? toldUsers : people.size(), partial ? toldDevices : its, partial, people);
    }

    /** Returns what is to be told by now; empty for nothing. */
    Optional<News> tick(long nowMillis) {
        ends.forEach((user, end) -> {
            if (end <= nowMillis) {
                dirty.add(user);
            }
        });
        if (partial ? now.size() <= wholeAgain : now.size() > mostWhole) {
            partial = !partial;
            return Optional.of(wholeNews(nowMillis));
        }
        List<Change> changes = new ArrayList<>();
        long from = Long.MAX_VALUE;
        dirty.addAll(away);
        for (String user : dirty) {
            Person person = now.get(user);
            Told known = told.get(user);
            if (person == null) {
                leave(user, known, nowMillis, changes);
            } else {
                from = Math.min(from, arriveOrChange(person, known, nowMillis, changes));
            }
        }
        dirty.clear();
        if (partial && told.size() < PAGE / 2 && now.size() > told.size()) {
            return Optional.of(wholeNews(nowMillis));
        }
        return news(changes, from, nowMillis);
    }

    private boolean hasOtherCounts() {
        return partial && (toldUsers != now.size() || toldDevices != devices);
    }

    private Optional<News> news(List<Change> changes, long from, long nowMillis) {
        boolean counts = hasOtherCounts() && nowMillis - lastToldMillis >= COUNTS_MILLIS;
        boolean silent = changes.isEmpty() && !counts;
        if (!silent) {
            seq++;
            looks++;
            toldUsers = now.size();
            toldDevices = devices;
            lastToldMillis = nowMillis;
        }
        OptionalLong again = from <= handedOut ? OptionalLong.of(from) : OptionalLong.empty();
        return silent && again.isEmpty() ? Optional.empty() : Optional.of(new News(false, changes, again));
    }

    private void leave(String user, @Nullable Told known, long nowMillis, List<Change> changes) {
        if (known == null) {
            ends.remove(user); // came and went before anybody was told
            return;
        }
        if (nowMillis - known.awaySinceMillis >= graceMillis) {
            told.remove(user);
            away.remove(user);
            ends.remove(user);
            changes.add(new Change(Change.Type.LEAVE, new Shown(user, known.shown.claims(), List.of(), "null")));
            return;
        }
        // Who is away may still come back; but a state ends in time, also when nobody can take it back any more.
        watchEnd(known.person, nowMillis, true);
        Shown shown = known.person.shownAt(nowMillis);
        if (!shown.equals(known.shown)) {
            known.shown = shown;
            changes.add(new Change(Change.Type.UPDATE, shown));
        }
    }

    /** Returns from which roster on this user was missing although nothing else would tell. */
    private long arriveOrChange(Person person, @Nullable Told known, long nowMillis, List<Change> changes) {
        String user = person.user();
        watchEnd(person, nowMillis, known != null || !partial);
        if (known == null) {
            if (!partial) {
                Shown shown = person.shownAt(nowMillis);
                told.put(user, new Told(person, shown));
                changes.add(new Change(Change.Type.JOIN, shown));
            }
            return Long.MAX_VALUE;
        }
        Shown shown = person.shownAt(nowMillis);
        Shown before = known.shown;
        boolean cameBack = known.isAway || shown.isOnOtherDevicesThan(before);
        long from = known.isAway ? known.missingFrom : Long.MAX_VALUE;
        if (known.isAway || !shown.equals(before)) {
            looks++;
        }
        known.isAway = false;
        away.remove(user);
        known.person = person;
        known.shown = shown;
        if (cameBack ? !shown.looksLike(before) : !shown.equals(before)) {
            changes.add(new Change(Change.Type.UPDATE, shown));
        }
        return from;
    }

    private void watchEnd(Person person, long nowMillis, boolean isTold) {
        long end = person.nextEndMillis(nowMillis);
        if (end == DeviceState.NEVER || !isTold) {
            ends.remove(person.user());
        } else {
            ends.put(person.user(), end);
        }
    }

    private News wholeNews(long nowMillis) {
        tellEverybody(nowMillis);
        return new News(true, List.of(), OptionalLong.empty());
    }

    private void tellEverybody(long nowMillis) {
        told.clear();
        away.clear();
        ends.clear();
        dirty.clear();
        List<Person> everybody = AddressRoster.inOrder(now.values());
        List<Person> page = partial ? everybody.subList(0, Math.min(PAGE, everybody.size())) : everybody;
        for (Person person : page) {
            told.put(person.user(), new Told(person, person.shownAt(nowMillis)));
            watchEnd(person, nowMillis, true);
        }
        seq++;
        looks++;
        toldUsers = now.size();
        toldDevices = devices;
        lastToldMillis = nowMillis;
    }
}
