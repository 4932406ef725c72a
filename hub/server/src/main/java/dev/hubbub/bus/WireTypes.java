package dev.hubbub.bus;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All messages that travel between nodes, by number and by class; immutable.
 *
 * <p>A message is its type's number and what the type writes. Bytes arrive from other nodes of the cluster only, but a
 * node of another version may send what this one does not know: that is an {@link IllegalArgumentException}, never a
 * guess.
 */
public final class WireTypes {
    /** No types at all: for a hub of one node. */
    public static final WireTypes NONE = new WireTypes(List.of());

    private final Map<Class<?>, WireType<?>> byClass = new HashMap<>();
    private final @Nullable WireType<?>[] byNumber = new WireType<?>[256];

    /** Collects types; throws {@link IllegalArgumentException} if two have the same number or class. */
    public WireTypes(List<WireType<?>> types) {
        for (WireType<?> type : types) {
            if (byNumber[type.number()] != null || byClass.put(type.type(), type) != null) {
                throw new IllegalArgumentException("number: " + type.number() + ", type: "
                        + type.type().getSimpleName() + " (expected: each once)");
            }
            byNumber[type.number()] = type;
        }
    }

    /** Returns these types and more. */
    public WireTypes with(List<WireType<?>> more) {
        List<WireType<?>> all = new ArrayList<>(byClass.values());
        all.addAll(more);
        return new WireTypes(all);
    }

    /** Writes a message, or null; throws {@link IllegalArgumentException} for a class without a type. */
    @SuppressWarnings("unchecked") // the map holds each type under its own class
    public void write(Buffer out, @Nullable Object message) {
        if (message == null) {
            out.appendByte((byte) 0);
            return;
        }
        WireType<Object> type = (WireType<Object>) byClass.get(message.getClass());
        if (type == null) {
            throw new IllegalArgumentException(
                    "message: " + message.getClass().getSimpleName() + " (expected: one that travels between nodes)");
        }
        out.appendByte((byte) type.number());
        type.write().write(new WireWriter(out), message);
    }

    /**
     * Reads the message between {@code position} and {@code end}.
     *
     * <p>Whatever a type's reader throws, and whatever the values it makes refuse, comes as
     * {@link IllegalArgumentException}.
     */
    public @Nullable Object read(Buffer in, int position, int end) {
        if (position < 0 || end <= position || end > in.length()) {
            throw new IllegalArgumentException(
                    "position: " + position + ", end: " + end + " (expected: within " + in.length() + " bytes)");
        }
        int number = in.getUnsignedByte(position);
        if (number == 0) {
            return null;
        }
        WireType<?> type = byNumber[number];
        if (type == null) {
            throw new IllegalArgumentException("number: " + number + " (expected: a message that this version knows)");
        }
        try {
            return type.read().read(new WireReader(in, position + 1, end));
        } catch (IllegalArgumentException inWords) {
            throw inWords;
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(type.type().getSimpleName() + ": a value in it is none", refused);
        }
    }
}
