package dev.hubbub.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.chat.Talk.Direct;
import dev.hubbub.demo.chat.Talk.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ChatBookTest {
    private static final Person SARAH = new Person("sarah", false);
    private static final Person OMAR = new Person("omar", false);
    private static final Person LINA = new Person("lina", false);
    private static final Person CARETAKER = new Person("caretaker", true);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final List<ChatEvent> told = new ArrayList<>();
    private final ChatBook chat = new ChatBook(told::add);

    @Test
    void anOpenedRoomIsToldWithItsPlace() {
        Room room = chat.open(SARAH, "  Front desk ", NOON);

        assertThat(room.place()).isEqualTo("room:front-desk");
        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.place()).isEqualTo("rooms");
            assertThat(event.type()).isEqualTo("chat.room.created");
            assertThat(event.payload().getString("name")).isEqualTo("Front desk");
        });
    }

    @Test
    void twoRoomsOfOneNameAreRefused() {
        done(chat.open(SARAH, "Front desk", NOON));

        assertRefused(409, () -> chat.open(OMAR, "front-desk", NOON));
        assertRefused(400, () -> chat.open(OMAR, " ?! ", NOON));
    }

    @Test
    void aRoomIsDeletedByWhoOpenedItOrAModerator() {
        done(chat.open(SARAH, "one", NOON));
        done(chat.open(SARAH, "two", NOON));

        assertRefused(403, () -> chat.delete(OMAR, "one", NOON));
        chat.delete(SARAH, "one", NOON);
        chat.delete(CARETAKER, "two", NOON);

        assertThat(chat.rooms()).isEmpty();
        assertRefused(404, () -> chat.room("one"));
    }

    @Test
    void aRoomThatIsOpenedAgainIsAnotherRoomToTheHub() {
        done(chat.open(SARAH, "one", NOON));
        chat.delete(SARAH, "one", NOON.plusSeconds(1));
        done(chat.open(SARAH, "one", NOON.plusSeconds(2)));

        assertThat(told).extracting(ChatEvent::id).doesNotHaveDuplicates();
        assertThat(chat.read(SARAH, chat.room("one")).page("", 10)).isEmpty();
    }

    @Test
    void theSameMessageTwiceIsThereAndToldOnce() {
        Room room = chat.open(SARAH, "one", NOON);
        done(chat.send(SARAH, room, "m-1", "hello", NOON));
        done(chat.send(SARAH, room, "m-1", "hello", NOON.plusSeconds(9)));

        assertThat(chat.read(OMAR, room).page("", 10)).hasSize(1);
        assertThat(told).extracting(ChatEvent::type).containsExactly("chat.room.created", "chat.message.created");
        assertRefused(403, () -> chat.send(OMAR, room, "m-1", "mine", NOON));
    }

    @Test
    void anEmptyOrEndlessMessageIsRefusedAndNotTold() {
        Room room = chat.open(SARAH, "one", NOON);

        assertRefused(400, () -> chat.send(SARAH, room, "m-1", "   ", NOON));
        assertRefused(400, () -> chat.send(SARAH, room, "m-1", "x".repeat(2_001), NOON));
        assertRefused(400, () -> chat.send(SARAH, room, "not an id", "x", NOON));
        assertThat(told).hasSize(1);
    }

    @Test
    void anEditOfAVersionThatIsGoneIsAConflictThatTellsTheCurrentOne() {
        Room room = chat.open(SARAH, "one", NOON);
        done(chat.send(SARAH, room, "m-1", "helo", NOON));
        done(chat.edit(SARAH, room, "m-1", "hello", 1));

        assertThatThrownBy(() -> chat.edit(CARETAKER, room, "m-1", "HELLO", 1))
                .isInstanceOfSatisfying(DemoException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal.body().getJsonObject("details").getInteger("currentVersion"))
                            .isEqualTo(2);
                });
        assertThat(told.get(2).version()).isEqualTo(2);
    }

    @Test
    void othersDoNotChangeAMessageButAModeratorTakesItBack() {
        Room room = chat.open(SARAH, "one", NOON);
        done(chat.send(SARAH, room, "m-1", "hello", NOON));

        assertRefused(403, () -> chat.withdraw(OMAR, room, "m-1", 1));
        ChatMessage gone = chat.withdraw(CARETAKER, room, "m-1", 1);

        assertThat(gone.text()).isEmpty();
        assertThat(chat.search(SARAH, "hello", 10)).isEmpty();
    }

    @Test
    void aPrivateTalkIsForItsTwoPeople() {
        Direct talk = Direct.of("sarah", "omar");
        done(chat.send(SARAH, talk, "m-1", "between us", NOON));

        assertThat(talk).isEqualTo(Direct.of("omar", "sarah"));
        assertThat(talk.place()).isEqualTo("dm:omar:sarah");
        assertThat(chat.read(OMAR, talk).page("", 10)).hasSize(1);
        assertRefused(403, () -> chat.read(LINA, talk));
        assertRefused(403, () -> chat.send(CARETAKER, talk, "m-2", "hi", NOON));
        assertThat(chat.search(LINA, "between", 10)).isEmpty();
        assertThat(chat.search(OMAR, "BETWEEN", 10)).hasSize(1);
        assertRefused(400, () -> Direct.of("sarah", "sarah"));
        assertRefused(400, () -> Direct.of("sarah", "o:mar"));
    }

    @Test
    void historyComesInPagesAndForgetsTheOldest() {
        Room room = chat.open(SARAH, "one", NOON);
        for (int i = 0; i < Transcript.KEPT + 1; i++) {
            done(chat.send(SARAH, room, "m-" + i, "text " + i, NOON));
        }
        Transcript transcript = chat.read(SARAH, room);

        assertThat(transcript.page("", 2)).extracting(ChatMessage::id).containsExactly("m-999", "m-1000");
        assertThat(transcript.page("m-999", 2)).extracting(ChatMessage::id).containsExactly("m-997", "m-998");
        assertThat(transcript.page("m-1", 2)).isEmpty();
        assertThat(transcript.find("m-0")).isEmpty();
    }

    @Test
    void statisticsCountWhatWasWritten() {
        Room room = chat.open(SARAH, "one", NOON);
        done(chat.send(SARAH, room, "m-1", "a", NOON));
        done(chat.send(OMAR, room, "m-2", "b", NOON.plus(Duration.ofSeconds(50))));
        done(chat.send(OMAR, Direct.of("omar", "sarah"), "m-3", "c", NOON.plus(Duration.ofSeconds(55))));

        ChatStats stats = chat.stats(NOON.plus(Duration.ofSeconds(70)));

        assertThat(stats.messages()).isEqualTo(3);
        assertThat(stats.lastMinute()).isEqualTo(2);
        assertThat(stats.byRoom()).containsEntry("one", 2L);
        assertThat(stats.byAuthor()).containsEntry("omar", 1).containsEntry("sarah", 1);
    }

    @Test
    void howFarSomebodyHasReadIsToldBesideTheTalk() {
        Room room = chat.open(SARAH, "one", NOON);
        done(chat.send(SARAH, room, "m-1", "a", NOON));
        chat.seen(OMAR, room, "m-1");

        assertThat(told.get(2).place()).isEqualTo("read:room:one");
        assertThat(told.get(2).resourceId()).isEqualTo("omar");
        assertRefused(404, () -> chat.seen(OMAR, room, "m-9"));
    }

    /** The answer is not what the test is about. */
    private static void done(Object answer) {
        assertThat(answer).isNotNull();
    }

    private static void assertRefused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DemoException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(status));
    }
}
