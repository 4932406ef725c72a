package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Address;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written by hand is the golden frame, character by character. */
class RosterTextTest {
    private static final Address ROOM = new Address("room:42");
    private static final long MORNING = 1_767_225_600_000L;

    private static Device device(String connection, String user, String name, long since) {
        String claims = new JsonObject().put("sub", user).put("name", name).encode();
        return new Device(connection, "n1", user, claims, since, since, Optional.empty());
    }

    private static Person bob() {
        Device typing = device("c2", "bob", "Bob", MORNING + 1_500)
                .with(Optional.of(new DeviceState("{\"typing\":true}", 1, DeviceState.NEVER)));
        return new Person("bob", List.of(device("c1", "bob", "Bob", MORNING), typing));
    }

    private static String golden(String name) throws IOException {
        return new JsonObject(Files.readString(Path.of("../fixtures", name + ".json"))).getString("text");
    }

    @Test
    void theRosterIsTheGoldenOne() throws IOException {
        ToldRoster roster = ToldRoster.forSubscribers(0);
        roster.put(bob());
        roster.put(new Person("eve", List.of(device("c3", "eve", "Eve \"é\"", MORNING + 2_000))));
        roster.begin(0);

        assertThat(RosterText.roster(ROOM, roster.roster()).toString()).isEqualTo(golden("notice-presence-roster"));
    }

    @Test
    void thePageOfManyIsTheGoldenOne() throws IOException {
        ToldRoster.Roster page = new ToldRoster.Roster(7, 1_200, 1_300, true, List.of(bob().shownAt(0)));

        assertThat(RosterText.roster(ROOM, page).toString()).isEqualTo(golden("notice-presence-page"));
    }

    @Test
    void theChangesAreTheGoldenOnes() throws IOException {
        Shown eve = new Person("eve", List.of(device("c3", "eve", "Eve \"é\"", MORNING + 2_000))).shownAt(0);
        List<Change> changes = List.of(
                new Change(
                        Change.Type.JOIN, new Person("dan", List.of(device("c4", "dan", "Dan", MORNING))).shownAt(0)),
                new Change(Change.Type.UPDATE, bob().shownAt(0)),
                new Change(Change.Type.LEAVE, new Shown(eve.user(), eve.claims(), List.of(), "null")));

        assertThat(RosterText.changes(ROOM, 2, 2, 3, changes).toString()).isEqualTo(golden("notice-presence-changes"));
        assertThat(RosterText.changes(ROOM, 8, 1_201, 1_301, List.of()).toString())
                .isEqualTo(golden("notice-presence-counts"));
    }
}
