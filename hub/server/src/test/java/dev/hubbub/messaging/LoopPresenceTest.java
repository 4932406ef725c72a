package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.ConfigLoader;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.presence.PresenceFrame;
import dev.hubbub.presence.PresenceNews;
import dev.hubbub.presence.PresenceNews.Kind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who of a loop stands in rosters, and who gets which frame. */
class LoopPresenceTest {
    private static final Address ROOM = new Address("room:1");
    private static final PermissionRules RULES = PermissionRules.compile(new ConfigLoader(Map.of())
            .load(
                    "hub.yaml",
                    "addresses: [{ match: 'room:{id}', subscribe: true, presence: { show: [sub, name], grace: 3s } },"
                            + " { match: 'plain:{id}', subscribe: true }]",
                    List.of()));

    private final FakePresence presence = new FakePresence();
    private final LoopPresence loop = new LoopPresence(() -> RULES, presence, "inbox");
    private final RecordingRecipient alice = new RecordingRecipient();

    private static Subscription subscription(RecordingRecipient recipient, Address address, boolean looks) {
        return new Subscription(
                recipient, address, new SubscribeOptions(Optional.empty(), OptionalInt.empty(), looks, false));
    }

    private static AddressRule rule(Address address) {
        return RULES.rule(address).orElseThrow();
    }

    private void enter(RecordingRecipient recipient, boolean looks) {
        loop.subscribed(subscription(recipient, ROOM, looks), rule(ROOM));
    }

    private static PresenceNews roster(long generation, long number, long from) {
        return new PresenceNews(
                ROOM, generation, Kind.ROSTER, number, from, new PresenceFrame(Buffer.buffer("roster" + number)));
    }

    private static PresenceNews changes(long generation, String text) {
        return new PresenceNews(
                ROOM, generation, Kind.CHANGES, 0, PresenceNews.NOBODY_ELSE, new PresenceFrame(Buffer.buffer(text)));
    }

    private static List<String> seen(RecordingRecipient recipient) {
        return recipient.rosters.stream().map(frame -> frame.text().toString()).toList();
    }

    @Test
    void aUserIsShownWithTheClaimsOfTheRuleAndOnlyWhereARosterIsKept() {
        alice.caller = new Caller.User(
                new Identity(
                        Optional.of("alice"),
                        Map.of("sub", "alice", "name", "Alice", "email", "a@x"),
                        Optional.empty(),
                        0,
                        Long.MAX_VALUE),
                new Caller.ConnectionInfo("127.0.0.1", ""));
        enter(alice, false);
        Address plain = new Address("plain:1");
        loop.subscribed(subscription(alice, plain, true), rule(plain));
        loop.ended(alice, ROOM);

        assertThat(presence.calls)
                .containsExactly("enter room:1 c1 alice {\"sub\":\"alice\",\"name\":\"Alice\"}", "leave room:1 c1");
    }

    @Test
    void nobodyWithoutANameIsShown() {
        alice.caller = new Caller.User(Identity.anonymous(), new Caller.ConnectionInfo("127.0.0.1", ""));
        enter(alice, true);

        assertThat(presence.calls).containsExactly("watch room:1 3000");
    }

    @Test
    void whoAskedGetsTheRosterFirstAndThenTheChanges() {
        enter(alice, true);
        loop.take(changes(1, "too early"));
        loop.take(roster(1, 1, PresenceNews.NOBODY_ELSE));
        loop.take(roster(1, 2, PresenceNews.NOBODY_ELSE));
        loop.take(changes(1, "join"));
        loop.take(changes(2, "of another numbering"));
        loop.take(roster(2, 1, PresenceNews.NOBODY_ELSE));
        loop.take(changes(2, "leave"));

        assertThat(seen(alice)).containsExactly("roster1", "join", "roster1", "leave");
    }

    @Test
    void aRosterForThoseWhoMissedSomebodyGoesToThemAlone() {
        RecordingRecipient early = new RecordingRecipient();
        enter(early, true);
        loop.take(roster(1, 1, PresenceNews.NOBODY_ELSE));
        enter(alice, true);
        loop.take(roster(1, 2, PresenceNews.NOBODY_ELSE));

        loop.take(roster(1, 3, 2));

        assertThat(seen(early)).containsExactly("roster1");
        assertThat(seen(alice)).containsExactly("roster2", "roster3");
    }

    @Test
    void whoIsSlowGetsNothingUntilItHasDrainedAndThenARoster() {
        enter(alice, true);
        loop.take(roster(1, 1, PresenceNews.NOBODY_ELSE));
        alice.slow = true;
        loop.take(changes(1, "missed"));
        loop.take(changes(1, "missed, too"));
        alice.slow = false;
        loop.take(changes(1, "not before a roster"));
        presence.calls.clear();

        loop.drained(alice);
        loop.take(roster(1, 2, PresenceNews.NOBODY_ELSE));
        loop.take(changes(1, "join"));

        assertThat(presence.calls).containsExactly("watch room:1 3000");
        assertThat(seen(alice)).containsExactly("roster1", "roster2", "join");
    }

    @Test
    void theLastWhoLooksAwayEndsTheWatch() {
        RecordingRecipient bob = new RecordingRecipient();
        bob.caller = RecordingRecipient.user("bob");
        enter(alice, true);
        enter(bob, true);
        presence.calls.clear();

        loop.ended(alice, ROOM);
        assertThat(presence.calls).containsExactly("leave room:1 c1");
        loop.ended(bob, ROOM);

        assertThat(presence.calls).containsExactly("leave room:1 c1", "leave room:1 c1", "unwatch room:1");
    }

    @Test
    void otherClaimsAreShownAtOnceAndTheSameAreNoNews() {
        enter(alice, true);
        presence.calls.clear();
        loop.judged(subscription(alice, ROOM, true), rule(ROOM));
        assertThat(presence.calls).isEmpty();

        alice.caller = RecordingRecipient.user("alice2");
        loop.judged(subscription(alice, ROOM, true), rule(ROOM));

        assertThat(presence.calls).containsExactly("enter room:1 c1 alice2 {\"sub\":\"alice2\"}");
    }

    @Test
    void aRuleThatKeepsNoRosterAnyMoreLetsEverybodyGo() {
        enter(alice, true);
        presence.calls.clear();

        loop.judged(subscription(alice, ROOM, true), rule(new Address("plain:1")));

        assertThat(presence.calls).containsExactly("leave room:1 c1", "unwatch room:1");
    }

    @Test
    void aStateIsReadStrictly() {
        enter(alice, false);
        presence.calls.clear();

        assertThat(loop.setState(alice, state().put("state", "x").put("expires", "2s"))
                        .succeeded())
                .isTrue();
        assertThat(loop.setState(alice, state().put("state", 1).put("expires", 1_500))
                        .succeeded())
                .isTrue();
        assertThat(loop.setState(alice, state().putNull("state")).succeeded()).isTrue();

        assertThat(presence.calls)
                .containsExactly("state room:1 c1 \"x\" 2000", "state room:1 c1 1 1500", "state room:1 c1 - 0");
        for (JsonObject bad : List.of(
                new JsonObject(),
                state(),
                state().put("state", 1).put("expires", "-1s"),
                state().put("state", 1).put("expires", 0),
                state().put("state", 1).put("expires", 1.5),
                state().put("state", 1).put("expires", "25h"),
                state().put("state", 1).put("colour", "red"),
                state().put("state", "é".repeat(512)))) {
            assertThat(code(bad)).as(bad.encode()).isEqualTo(ErrorCode.BAD_EVENT);
        }
        assertThat(code(new JsonObject().put("address", "room:2").put("state", 1)))
                .isEqualTo(ErrorCode.ACCESS_DENIED);
        assertThat(code(new JsonObject().put("address", "room 2").put("state", 1)))
                .isEqualTo(ErrorCode.BAD_ADDRESS);
    }

    private static JsonObject state() {
        return new JsonObject().put("address", "room:1");
    }

    private ErrorCode code(JsonObject body) {
        return ((HubException) loop.setState(alice, body).cause()).code();
    }
}
