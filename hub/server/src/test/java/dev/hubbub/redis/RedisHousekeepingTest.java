package dev.hubbub.redis;

import static dev.hubbub.redis.StoreOnLoop.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Address;
import dev.hubbub.replay.LogInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Redis is left with when logs end, and a Redis that can take nothing more. */
class RedisHousekeepingTest {
    private RealRedis redis;
    private StoreOnLoop store;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        store = new StoreOnLoop(redis.url());
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        redis.close();
    }

    private void say(int addresses) throws Exception {
        for (int i = 10; i < 10 + addresses; i++) {
            var unused = store.sayUntilTaken(new Address("room:" + i), "a");
        }
    }

    private void end(int address) throws Exception {
        assertThat(redis.ask("DEL hub:{room:" + address + "}:head")).startsWith(":1");
    }

    @Test
    void aPageOfTheListIsShortOnlyAtTheEnd() throws Exception {
        say(8);
        for (int ended : List.of(10, 11, 12, 14)) {
            end(ended);
        }
        assertThat(names(store.list(Optional.empty(), 2))).containsExactly("room:13", "room:15");
        assertThat(names(store.list(Optional.of("room:15"), 2))).containsExactly("room:16", "room:17");
        assertThat(names(store.list(Optional.of("room:17"), 2))).isEmpty();
    }

    private static List<String> names(List<LogInfo> infos) {
        return infos.stream().map(info -> info.address().value()).toList();
    }

    @Test
    void theAddressOfALogThatEndedIsForgotten() throws Exception {
        say(3);
        end(11);
        store.sweepUntil("forgotten", done -> indexed().equals(":2"));
        assertThat(names(store.list(Optional.empty(), 10))).containsExactly("room:10", "room:12");
    }

    private String indexed() {
        try {
            return redis.ask("ZCARD hub:addresses").lines().findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void askingAboutALogNeitherBeginsNorProlongsIt() throws Exception {
        var unused = store.sayUntilTaken("a");
        String life = redis.ask("PEXPIRE hub:{room:1}:head 100000");
        assertThat(life).startsWith(":1");
        assertThat(store.info(ROOM).orElseThrow().events()).isEqualTo(1);
        assertThat(store.list(Optional.empty(), 10)).hasSize(1);
        String left = redis.ask("PTTL hub:{room:1}:head").lines().findFirst().orElseThrow();
        assertThat(Long.parseLong(left.substring(1))).isBetween(1L, 100_000L);
        assertThat(store.info(new Address("room:2"))).isEmpty();
        assertThat(indexed()).isEqualTo(":1");
    }

    @Test
    void aRedisThatTakesNoWritesIsAwayUntilItDoes() throws Exception {
        var unused = store.sayUntilTaken("a");
        assertThat(redis.ask("CONFIG SET maxmemory 1")).startsWith("+OK");
        store.sayInVain("b");
        store.sweep();
        store.sayInVain("b");
        assertThat(store.told()).as("it goes once").containsExactly(true, false);
        assertThat(redis.ask("CONFIG SET maxmemory 0")).startsWith("+OK");
        store.sweepUntil("it comes back without a publish", StoreOnLoop::isUp);
        assertThat(store.told()).containsExactly(true, false, true);
    }

    @Test
    void anAddressWhoseKeysAreForeignFailsAlone() throws Exception {
        var unused = store.sayUntilTaken(new Address("room:2"), "a");
        assertThat(redis.ask("SET hub:{room:1}:head foreign")).startsWith("+OK");
        for (int i = 0; i < 4; i++) {
            store.sayInVain("b");
        }
        assertThat(store.sayUntilTaken(new Address("room:2"), "b").offset()).isEqualTo(2);
        assertThat(store.told()).containsExactly(true);
    }
}
