package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bytes are built once for a batch and framing, and given back. */
class SharedBytesTest {
    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private final FakeHub hub = new FakeHub();
    private final SharedBytes shared = new SharedBytes(Clock.systemUTC());

    @Test
    void oneBatchIsEncodedOnceForEachFraming() {
        EventBatch batch = hub.batch("a", "x", "y");
        ByteBuf plain = shared.of(batch, Framing.PLAIN, allocator);
        assertThat(shared.of(batch, Framing.PLAIN, allocator)).isSameAs(plain);
        assertThat(shared.of(batch, Framing.SOCKJS, allocator)).isNotSameAs(plain);
        shared.release();
    }

    @Test
    void buffersAreGivenBackOnReplacementAndAtTheEndOfTheTurn() {
        ByteBuf first = shared.of(hub.batch("a", "x"), Framing.PLAIN, allocator);
        ByteBuf held = first.retainedDuplicate();
        ByteBuf second = shared.of(hub.batch("a", "y"), Framing.BATCH, allocator);
        assertThat(first.refCnt()).isEqualTo(1);
        assertThat(held.release()).isTrue();
        shared.release();
        shared.release();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void batchIsSelectiveWhenSomebodyDoesNotWantAnEvent() {
        shared.take(hub.batch("a", "x"));
        assertThat(shared.isSelective()).isFalse();
        shared.take(new EventBatch(new Address("a"), List.of(hub.event("a", "x", Optional.of(new ConnectionId("c"))))));
        assertThat(shared.isSelective()).isTrue();
    }
}
