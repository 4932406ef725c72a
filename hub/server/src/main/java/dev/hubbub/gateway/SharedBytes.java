package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the batch that is being delivered, built once for each framing and shared by every socket of the loop.
 *
 * <p>Messaging hands one batch object to one subscriber after the other, so a single entry that is found by identity is
 * a full cache. It is emptied at the end of the turn. Confined to its loop.
 */
final class SharedBytes {
    private final Clock clock;
    private final Map<Framing, ByteBuf> bytes = new EnumMap<>(Framing.class);
    private final Map<Framing, ByteBuf> frameBytes = new EnumMap<>(Framing.class);
    private @Nullable EventBatch batch;
    private @Nullable ServerFrame frame;
    private boolean selective;
    private long millis;

    SharedBytes(Clock clock) {
        this.clock = clock;
    }

    /** Takes a batch in hand; cheap for the batch that is in hand already. */
    void take(EventBatch next) {
        if (next == batch) {
            return;
        }
        releaseBatch();
        batch = next;
        millis = clock.millis();
        selective = next.isSelective();
    }

    /** Tells whether somebody asked not to hear an event of the batch in hand. */
    boolean isSelective() {
        return selective;
    }

    /** Returns when the batch in hand was taken up, in milliseconds since 1970. */
    long millis() {
        return millis;
    }

    /** Returns the bytes of a batch; the caller retains what it keeps. */
    ByteBuf of(EventBatch wanted, Framing framing, ByteBufAllocator allocator) {
        take(wanted);
        ByteBuf known = bytes.get(framing);
        if (known == null) {
            known = framing.encode(wanted.events(), allocator);
            bytes.put(framing, known);
        }
        return known;
    }

    /** Returns the bytes of one frame that many sockets get; the caller retains what it keeps. */
    ByteBuf of(ServerFrame wanted, Framing framing, ByteBufAllocator allocator) {
        if (frame != wanted) {
            releaseFrame();
            frame = wanted;
        }
        ByteBuf known = frameBytes.get(framing);
        if (known == null) {
            known = framing.encode(List.of(wanted), allocator);
            frameBytes.put(framing, known);
        }
        return known;
    }

    private void releaseFrame() {
        frame = null;
        frameBytes.values().forEach(ByteBuf::release);
        frameBytes.clear();
    }

    /** Gives the buffers back; what sockets still have to send they hold themselves. */
    void release() {
        releaseFrame();
        releaseBatch();
    }

    private void releaseBatch() {
        batch = null;
        if (!bytes.isEmpty()) {
            bytes.values().forEach(ByteBuf::release);
            bytes.clear();
        }
    }
}
