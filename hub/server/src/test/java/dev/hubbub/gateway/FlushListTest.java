package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a turn: who was written to is flushed, whatever becomes of the others. */
class FlushListTest {
    private final List<Runnable> queue = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final FlushList list = new FlushList(queue::add, () -> seen.add("afterwards"));

    private FlushList.Dirty socket(String name, boolean fails) {
        return new FlushList.Dirty() {
            @Override
            public void flush() {
                seen.add("flush " + name);
                if (fails) {
                    throw new IllegalStateException("as a test wants it");
                }
            }

            @Override
            public void abort() {
                seen.add("abort " + name);
            }
        };
    }

    private void endTurn() {
        List<Runnable> now = List.copyOf(queue);
        queue.clear();
        now.forEach(Runnable::run);
    }

    @Test
    void everySocketIsFlushedOnceAtTheEndOfTheTurn() {
        list.add(socket("a", false));
        list.add(socket("b", false));
        assertThat(seen).isEmpty();
        endTurn();
        endTurn();
        assertThat(seen).containsExactly("flush a", "flush b", "afterwards");
    }

    @Test
    void aSocketWhoseFlushFailsIsCutAndTheOthersGetTheirs() {
        list.add(socket("a", true));
        list.add(socket("b", false));
        endTurn();
        assertThat(seen).containsExactly("flush a", "abort a", "flush b", "afterwards");
    }
}
