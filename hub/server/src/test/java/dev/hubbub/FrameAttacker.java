package dev.hubbub;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.fuzz.Mutator;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One bad client: connects, writes a burst of mutated frames, waits for its answer, and comes back when it is cut.
 *
 * <p>Only frames that the node has surely read are counted: all of a burst whose mark was answered, and one of a burst
 * after which the connection ended. Confined to one thread.
 */
final class FrameAttacker implements Runnable {
    private static final int BURST = 32;
    private static final int LONGEST = 1_500;
    private static final List<String> PATHS =
            List.of("/eventbus/websocket?", "/eventbus/websocket?batch=true&", "/eventbus/000/abcdefgh/websocket?");

    private final int port;
    private final Random random;
    private final Mutator mutator;
    private final AtomicLong left;
    private final FrameStorm.Tally tally;
    private int mark;

    FrameAttacker(int port, long seed, List<byte[]> corpus, FrameStorm.Tally tally) {
        this.port = port;
        this.random = new Random(seed);
        this.mutator = new Mutator(seed, corpus);
        this.tally = tally;
        this.left = tally.left();
    }

    @Override
    public void run() {
        while (left.get() > 0) {
            int kind = random.nextInt(PATHS.size());
            String path = PATHS.get(kind) + "access_token=" + TestNode.token("mallory" + random.nextInt(20));
            try (Wire wire = Wire.upgraded(port, path)) {
                tally.connections().incrementAndGet();
                boolean open = true;
                for (int bursts = 1 + random.nextInt(20); bursts > 0 && open && left.get() > 0; bursts--) {
                    open = burst(wire, kind == 2);
                }
                if (open) {
                    left.decrementAndGet();
                    damage(wire);
                }
            }
        }
    }

    /** Writes frames and a mark; tells whether the connection is still open. */
    private boolean burst(Wire wire, boolean sockJs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < BURST; i++) {
            byte[] frame = mutator.next(LONGEST);
            boolean wrapped = sockJs && random.nextInt(4) > 0;
            String text = FuzzText.of(frame);
            byte[] payload = wrapped
                    ? new JsonArray().add(text).encode().getBytes(StandardCharsets.UTF_8)
                    : text.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(random.nextInt(10) == 0 ? inPieces(payload) : Wire.bytes(Wire.FINAL | Wire.TEXT, payload));
        }
        String marked = "m-" + ++mark + "-";
        String end = "{\"type\":\"send\",\"address\":\"hub.fuzz\",\"replyAddress\":\"" + marked + "\",\"body\":1}";
        String last = sockJs ? "[" + Json.encode(end) + "]" : end;
        out.writeBytes(Wire.bytes(Wire.FINAL | Wire.TEXT, last.getBytes(StandardCharsets.UTF_8)));
        wire.raw(out.toByteArray());
        for (Wire.Message answer = wire.read(); answer.opcode() != -1; answer = wire.read()) {
            tally.refusals().addAndGet(answer.text().split("failureType", -1).length - 1);
            FuzzText.saysNothingOfTheInside(answer.text(), "");
            if (answer.opcode() == Wire.CLOSE) {
                break;
            }
            if (answer.text().contains(marked)) {
                left.addAndGet(-BURST);
                return true;
            }
        }
        left.decrementAndGet();
        return false;
    }

    /** Cuts a text into frames, with a control frame in between. */
    private byte[] inPieces(byte[] payload) {
        int cut = random.nextInt(payload.length + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Wire.bytes(Wire.TEXT, java.util.Arrays.copyOf(payload, cut)));
        if (random.nextBoolean()) {
            out.writeBytes(Wire.bytes(Wire.FINAL | Wire.PING, new byte[random.nextInt(126)]));
        }
        out.writeBytes(
                Wire.bytes(Wire.FINAL | Wire.CONTINUATION, java.util.Arrays.copyOfRange(payload, cut, payload.length)));
        return out.toByteArray();
    }

    /** Writes what is no WebSocket any more, or what is too much, and goes. */
    private void damage(Wire wire) {
        byte[] payload = mutator.next(LONGEST);
        byte[] frame = Wire.bytes(random.nextInt(256), payload);
        switch (random.nextInt(4)) {
            case 0 -> wire.raw(frame);
            case 1 -> wire.raw(payload);
            case 2 -> wire.raw(java.util.Arrays.copyOf(frame, random.nextInt(frame.length)));
            default -> wire.raw(Wire.bytes(Wire.FINAL | Wire.TEXT, new byte[20_000 + random.nextInt(40_000)]));
        }
    }
}
