package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import dev.hubbub.attack.Attack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is here, on a whole node over real sockets. */
class PresenceTest {
    private static final String ROOM = "room:1";
    private static final String RULES = NodeUnderTest.HEAD + """
            addresses:
              - match: "room:{id}"
                subscribe: claims.may == true
                presence: { show: [sub, name], grace: 1s, notify: "service:rooms" }
              - match: "plain:{id}"
                subscribe: true
            """;

    @TempDir
    private Path folder;

    private NodeUnderTest hub;
    private final List<JsonObject> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        hub = NodeUnderTest.start(folder, RULES);
        hub.node().vertx().eventBus().<JsonObject>consumer("service:rooms", message -> {
            told.add(message.body());
            message.reply(null);
        });
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Client connect(String user) throws Exception {
        return hub.connect(
                NodeUnderTest.token(user, Map.of("may", true, "name", user.toUpperCase(java.util.Locale.ROOT))));
    }

    private Client enter(String user, String presence) throws Exception {
        Client client = connect(user);
        register(client, presence);
        client.hears("hub.subscribed", ROOM);
        if (presence.equals("true")) {
            client.hears("hub.presence", "\"roster\":");
        }
        return client;
    }

    private static void register(Client client, String presence) throws Exception {
        client.say(new JsonObject()
                .put("type", "register")
                .put("address", ROOM)
                .put("headers", new JsonObject().put("notices", "true").put("presence", presence)));
    }

    private static void set(Client client, String reply, Object body) throws Exception {
        client.say(new JsonObject()
                .put("type", "send")
                .put("address", "hub.presence")
                .put("replyAddress", reply)
                .put("body", body));
    }

    private static JsonObject state(@Nullable Object state) {
        return new JsonObject().put("address", ROOM).put("state", state);
    }

    private JsonObject roster() throws Exception {
        Answer answer = hub.get("/api/v1/addresses/" + ROOM + "/presence", NodeUnderTest.ADMIN);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private void rosterBecomes(int users, int devices) {
        NodeUnderTest.eventually(users + " users, " + devices + " devices", () -> {
            try {
                JsonObject roster = roster();
                return roster.getInteger("users") == users && roster.getInteger("devices") == devices;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Returns all that a client heard of presence, and checks that no number is missing. */
    private static List<JsonObject> presence(Client client) {
        List<JsonObject> all = client.frames.stream()
                .map(JsonObject::new)
                .filter(frame -> "hub.presence".equals(frame.getString("event")))
                .map(frame -> frame.getJsonObject("message"))
                .toList();
        long last = -1;
        for (JsonObject message : all) {
            long seq = message.getLong("seq");
            if (message.containsKey("changes")) {
                assertThat(seq).isEqualTo(last + 1);
            }
            last = seq;
        }
        return all;
    }

    private static List<String> changes(Client client) {
        return presence(client).stream()
                .filter(message -> message.containsKey("changes"))
                .flatMap(message -> message.getJsonArray("changes").stream())
                .map(JsonObject.class::cast)
                .map(change -> change.getString("type") + " " + change.getString("user") + " "
                        + change.getJsonArray("devices").size() + " " + change.getValue("state"))
                .toList();
    }

    @Test
    void whoAskedGetsTheRosterAndThenWhatChanges() throws Exception {
        Client alice = enter("alice", "true");
        alice.hears("hub.presence", "\"roster\":");
        Client bob = enter("bob", "false");
        alice.hears("hub.presence", "\"join\"", "\"bob\"");
        Client late = enter("carol", "true");
        late.hears("hub.presence", "\"roster\":");

        JsonObject first = presence(late).get(0);
        assertThat(first.getString("address")).isEqualTo(ROOM);
        JsonObject shown = first.getJsonArray("roster").stream()
                .map(JsonObject.class::cast)
                .filter(user -> user.getString("user").equals("bob"))
                .findFirst()
                .orElseThrow();
        assertThat(shown.getJsonObject("claims"))
                .isEqualTo(new JsonObject().put("sub", "bob").put("name", "BOB"));
        assertThat(shown.getJsonArray("devices")).hasSize(1);
        assertThat(shown.getJsonArray("devices").getJsonObject(0).getString("id"))
                .startsWith("c");
        assertThat(bob.frames).noneMatch(frame -> frame.contains("hub.presence"));

        leave(bob);
        alice.hears("\"leave\"", "\"bob\"");
        rosterBecomes(2, 2);
    }

    private static void leave(Client client) throws Exception {
        client.say(new JsonObject().put("type", "unregister").put("address", ROOM));
    }

    @Test
    void aDeviceMoreOrLessIsAnUpdateAndComingBackWithinTheGraceIsSilent() throws Exception {
        Client alice = enter("alice", "true");
        Client one = enter("bob", "false");
        alice.hears("\"join\"", "\"bob\"");
        Client two = enter("bob", "false");
        rosterBecomes(2, 3);
        NodeUnderTest.eventually("two devices", () -> changes(alice).contains("update bob 2 null"));
        leave(one);
        NodeUnderTest.eventually("one device", () -> changes(alice).contains("update bob 1 null"));
        int before = presence(alice).size();

        leave(two);
        rosterBecomes(1, 1);
        register(two, "false");
        rosterBecomes(2, 2);
        Client dave = enter("dave", "false");
        assertThat(dave.closeCode).isZero();
        alice.hears("\"join\"", "\"dave\"");

        assertThat(changes(alice)
                        .subList(changes(alice).size() - 1, changes(alice).size()))
                .containsExactly("join dave 1 null");
        assertThat(presence(alice)).hasSize(before + 1);
        assertThat(changes(alice)).noneMatch(change -> change.startsWith("leave"));
    }

    @Test
    @Attack("S34")
    void aStateIsShownAndTakenBackByItself() throws Exception {
        Client alice = enter("alice", "true");
        Client bob = enter("bob", "false");
        alice.hears("\"join\"", "\"bob\"");

        set(bob, "r1", state(new JsonObject().put("typing", true)).put("expires", "500ms"));
        bob.hears("\"r1\"", "\"body\":{}");
        alice.hears("\"update\"", "\"typing\":true");
        NodeUnderTest.eventually("typing is over", () -> changes(alice).contains("update bob 1 null"));

        set(bob, "r2", state("reading"));
        alice.hears("\"update\"", "\"state\":\"reading\"");
        set(bob, "r3", state(null));
        bob.hears("\"r3\"", "\"body\":{}");
        NodeUnderTest.eventually(
                "taken back",
                () -> changes(alice).stream()
                                .filter("update bob 1 null"::equals)
                                .count()
                        == 2);
    }

    @Test
    @Attack("S34")
    void aStateThatIsNoneIsRefusedByName() throws Exception {
        Client bob = enter("bob", "false");

        set(bob, "r1", "typing");
        bob.hears("\"r1\"", "BAD_EVENT");
        set(bob, "r2", state("x".repeat(1_023)));
        bob.hears("\"r2\"", "BAD_EVENT", "1024");
        set(bob, "r3", state("x".repeat(1_022)));
        bob.hears("\"r3\"", "\"body\":{}");
        set(bob, "r4", state(1).put("expires", "soon"));
        bob.hears("\"r4\"", "BAD_EVENT");
        set(bob, "r5", new JsonObject().put("address", "room:2").put("state", 1));
        bob.hears("\"r5\"", "ACCESS_DENIED");
        set(bob, "r6", new JsonObject().put("address", "room 2").put("state", 1));
        bob.hears("\"r6\"", "BAD_ADDRESS");
    }

    @Test
    void subscribingAnewAndRefreshingTheTokenKeepThePlaceAndTheState() throws Exception {
        Client alice = enter("alice", "true");
        Client bob = enter("bob", "false");
        set(bob, "r1", state("here"));
        alice.hears("\"state\":\"here\"");
        int before = changes(alice).size();

        register(bob, "false");
        String token = NodeUnderTest.token("bob", Map.of("may", true, "name", "Robert"));
        bob.say(new JsonObject()
                .put("type", "send")
                .put("address", "hub.auth")
                .put("replyAddress", "r2")
                .put("body", new JsonObject().put("token", token)));
        alice.hears("\"update\"", "\"name\":\"Robert\"", "\"state\":\"here\"");

        assertThat(changes(alice).subList(before, changes(alice).size())).containsExactly("update bob 1 here");
        String denied = NodeUnderTest.token("bob", Map.of("may", false));
        bob.say(new JsonObject()
                .put("type", "send")
                .put("address", "hub.auth")
                .put("replyAddress", "r3")
                .put("body", new JsonObject().put("token", denied)));
        alice.hears("\"leave\"", "\"bob\"");
    }

    @Test
    void theRosterIsReadOverHttpInPagesByWhoMay() throws Exception {
        for (String user : List.of("bob", "alice", "carol")) {
            assertThat(enter(user, "false").closeCode).isZero();
        }
        rosterBecomes(3, 3);

        JsonObject first = hub.get("/api/v1/addresses/room:1/presence?limit=2", NodeUnderTest.ADMIN)
                .json();
        assertThat(users(first)).containsExactly("alice", "bob");
        assertThat(first.getBoolean("more")).isTrue();
        JsonObject rest = hub.get("/api/v1/addresses/room:1/presence?limit=2&after=bob", NodeUnderTest.ADMIN)
                .json();
        assertThat(users(rest)).containsExactly("carol");
        assertThat(rest.getBoolean("more")).isFalse();
        String[] stranger = NodeUnderTest.bearer(NodeUnderTest.token("eve", Map.of()));
        assertThat(hub.get("/api/v1/addresses/room:1/presence", stranger).status())
                .isEqualTo(403);
        Answer none = hub.get("/api/v1/addresses/plain:1/presence", NodeUnderTest.ADMIN);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body()).contains("no roster is kept of plain:1");
    }

    private static List<String> users(JsonObject page) {
        JsonArray roster = page.getJsonArray("roster");
        return roster.stream()
                .map(user -> ((JsonObject) user).getString("user"))
                .toList();
    }

    @Test
    void aServiceIsToldOfTheFirstDeviceAndOfTheLast() throws Exception {
        Client one = enter("bob", "false");
        Client two = enter("bob", "false");
        rosterBecomes(1, 2);
        NodeUnderTest.eventually("the join", () -> told.size() == 1);
        leave(one);
        leave(two);
        NodeUnderTest.eventually("join and leave", () -> told.size() == 2);

        assertThat(told.get(0).getString("event")).isEqualTo("join");
        assertThat(told.get(1).getString("event")).isEqualTo("leave");
        assertThat(told.get(0).getString("address")).isEqualTo(ROOM);
        assertThat(told.get(0).getString("user")).isEqualTo("bob");
        assertThat(told.get(0).getJsonObject("claims").getString("name")).isEqualTo("BOB");
        assertThat(told.get(0).getString("at")).endsWith("Z");
    }
}
