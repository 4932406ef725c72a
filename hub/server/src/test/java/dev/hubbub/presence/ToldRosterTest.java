package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What subscribers are told, and when. */
class ToldRosterTest {
    private static final long GRACE = 5_000;

    private final ToldRoster roster = ToldRoster.forSubscribers(GRACE);
    private long now = 1_000_000;

    private static Device device(String user, String connection) {
        return new Device(connection, "n1", user, "{\"sub\":\"" + user + "\"}", 1, 1, Optional.empty());
    }

    private static Person person(String user, String... connections) {
        List<Device> devices = new ArrayList<>();
        for (String connection : connections) {
            devices.add(device(user, connection));
        }
        return new Person(user, devices);
    }

    private static Person typing(String user, String connection, long endsMillis) {
        Device typing = device(user, connection).with(Optional.of(new DeviceState("{\"typing\":true}", 1, endsMillis)));
        return new Person(user, List.of(typing));
    }

    private List<String> tick(long millis) {
        now += millis;
        return roster.tick(now).map(ToldRoster.News::changes).orElse(List.of()).stream()
                .map(change -> change.type().wireName() + " " + change.user().user() + " "
                        + change.user().devices().size() + " " + change.user().state())
                .toList();
    }

    @Test
    void aUserStandsOnceAndOneDeviceLessIsNoLeave() {
        roster.put(person("bob", "c1", "c2"));
        assertThat(tick(100)).containsExactly("join bob 2 null");

        roster.put(person("bob", "c2"));

        assertThat(tick(100)).containsExactly("update bob 1 null");
    }

    @Test
    void whoIsBackWithinTheGraceWasNeverAway() {
        roster.put(person("bob", "c1"));
        assertThat(tick(100)).hasSize(1);
        roster.remove("bob", now);
        assertThat(tick(100)).isEmpty();
        assertThat(roster.roster().people()).isEmpty();

        roster.put(person("bob", "c9"));

        assertThat(tick(GRACE - 200)).isEmpty();
        assertThat(tick(GRACE)).isEmpty();
        assertThat(roster.seq()).isEqualTo(1);
    }

    @Test
    void whoComesBackOnAnotherConnectionBeforeAnybodyLooksIsNoNewsEither() {
        roster.put(person("bob", "c1"));
        assertThat(tick(100)).hasSize(1);

        roster.put(person("bob", "c2"));

        assertThat(tick(100)).isEmpty();
        assertThat(roster.roster().people().get(0).devices().get(0).id()).isEqualTo("c2");
    }

    @Test
    void oneOfTwoDevicesThatIsAnotherIsAnUpdate() {
        roster.put(person("bob", "c1", "c2"));
        assertThat(tick(100)).hasSize(1);

        roster.put(person("bob", "c1", "c3"));

        assertThat(tick(100)).containsExactly("update bob 2 null");
    }

    @Test
    void whoComesBackDifferentIsAnUpdateAndNeverALeaveAndAJoin() {
        roster.put(person("bob", "c1"));
        assertThat(tick(100)).hasSize(1);
        roster.remove("bob", now);
        assertThat(tick(1_000)).isEmpty();

        roster.put(person("bob", "c2", "c3"));

        assertThat(tick(100)).containsExactly("update bob 2 null");
    }

    @Test
    void whoStaysAwayLeavesAfterTheGraceOnce() {
        roster.put(person("bob", "c1"));
        assertThat(tick(100)).hasSize(1);
        roster.remove("bob", now);

        assertThat(tick(GRACE - 1)).isEmpty();
        assertThat(tick(1)).containsExactly("leave bob 0 null");
        assertThat(tick(GRACE)).isEmpty();
        assertThat(roster.isBusy()).isFalse();
    }

    @Test
    void whoCameAndWentBetweenTwoLooksIsNoNews() {
        roster.put(person("bob", "c1"));
        roster.remove("bob", now);

        assertThat(tick(100)).isEmpty();
        assertThat(roster.isBusy()).isFalse();
    }

    @Test
    void aStateEndsByItselfWithoutAnybodySayingSo() {
        roster.put(typing("bob", "c1", now + 2_000));
        assertThat(tick(100)).containsExactly("join bob 1 {\"typing\":true}");
        assertThat(tick(1_800)).isEmpty();

        assertThat(tick(100)).containsExactly("update bob 1 null");
        assertThat(roster.isBusy()).isFalse();
    }

    @Test
    void aStateEndsEvenWhenItsUserHasBeenCutOff() {
        roster.put(typing("bob", "c1", now + 2_000));
        assertThat(tick(100)).containsExactly("join bob 1 {\"typing\":true}");
        roster.remove("bob", now);
        assertThat(tick(100)).isEmpty();

        assertThat(tick(1_800)).containsExactly("update bob 1 null");
        assertThat(tick(GRACE)).containsExactly("leave bob 0 null");
        assertThat(roster.isBusy()).isFalse();
    }

    @Test
    void whoGotARosterWithoutSomebodyGetsAnotherWhenThatOneComesBackSilently() {
        roster.put(person("bob", "c1"));
        assertThat(tick(100)).hasSize(1);
        long early = roster.handOut();
        roster.remove("bob", now);
        assertThat(roster.roster().people()).isEmpty();
        long late = roster.handOut();

        roster.put(person("bob", "c2"));
        now += 100;
        ToldRoster.News news = roster.tick(now).orElseThrow();

        assertThat(news.changes()).isEmpty();
        assertThat(news.rosterFrom()).hasValue(late);
        assertThat(early).isLessThan(late);
        assertThat(roster.seq()).isEqualTo(1);
    }

    @Test
    void aboveAThousandItIsCountsAndAPageAndBelowNineHundredEverybodyAgain() {
        for (int i = 0; i < 1_000; i++) {
            roster.put(person("u" + i, "c" + i));
        }
        roster.begin(now);
        assertThat(roster.roster().partial()).isFalse();
        assertThat(roster.roster().people()).hasSize(1_000);

        roster.put(person("one-more", "x"));
        now += 100;
        assertThat(roster.tick(now).orElseThrow().whole()).isTrue();
        ToldRoster.Roster page = roster.roster();
        assertThat(page.partial()).isTrue();
        assertThat(page.people()).hasSize(ToldRoster.PAGE);
        assertThat(page.users()).isEqualTo(1_001);

        roster.put(person("another", "y"));
        now += 100;
        assertThat(roster.tick(now)).as("counts alone can wait").isEmpty();
        assertThat(roster.isBusy()).isTrue();
        now += 400;
        ToldRoster.News counts = roster.tick(now).orElseThrow();
        assertThat(counts.whole()).isFalse();
        assertThat(counts.changes()).isEmpty();
        assertThat(roster.users()).isEqualTo(1_002);

        Shown first = page.people().get(0);
        roster.put(person(first.user(), "a", "b"));
        assertThat(tick(100)).containsExactly("update " + first.user() + " 2 null");

        for (int i = 0; i < 200; i++) {
            roster.remove("u" + i, now);
        }
        now += 100;
        assertThat(roster.tick(now).orElseThrow().whole()).isTrue();
        assertThat(roster.roster().partial()).isFalse();
        assertThat(roster.roster().people()).hasSize(802);
    }

    /** A client that believes only what it is told must end with what is true. */
    @Test
    void whoAppliesTheChangesHasTheRoster() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            ToldRoster told = ToldRoster.forSubscribers(300);
            Map<String, Person> truth = new HashMap<>();
            Map<String, Shown> client = new TreeMap<>();
            told.begin(now);
            long seq = told.seq();
            for (int step = 0; step < 60; step++) {
                String user = "u" + random.nextInt(4);
                if (random.nextBoolean()) {
                    Person person = person(user, "c" + random.nextInt(1_000), "d" + random.nextInt(2));
                    truth.put(user, person);
                    told.put(person);
                } else {
                    truth.remove(user);
                    told.remove(user, now);
                }
                now += 50;
                if (random.nextInt(3) == 0) {
                    seq = apply(told, client, seq);
                }
            }
            for (int i = 0; i < 10; i++) {
                now += 100;
                seq = apply(told, client, seq);
            }
            Map<String, Integer> expected = new TreeMap<>();
            truth.forEach((user, person) -> expected.put(user, person.devices().size()));
            Map<String, Integer> seen = new TreeMap<>();
            client.forEach((user, shown) -> seen.put(user, shown.devices().size()));
            assertThat(seen).as("seed %d", seed).isEqualTo(expected);
            assertThat(told.isBusy()).isFalse();
        }
    }

    private long apply(ToldRoster told, Map<String, Shown> client, long seq) {
        Optional<ToldRoster.News> news = told.tick(now);
        if (news.isEmpty()) {
            assertThat(told.seq()).isEqualTo(seq);
            return seq;
        }
        assertThat(told.seq()).as("no hole").isEqualTo(seq + 1);
        for (Change change : news.get().changes()) {
            boolean known = client.containsKey(change.user().user());
            assertThat(known).as(change.toString()).isEqualTo(change.type() != Change.Type.JOIN);
            if (change.type() == Change.Type.LEAVE) {
                client.remove(change.user().user());
            } else {
                client.put(change.user().user(), change.user());
            }
        }
        return told.seq();
    }
}
