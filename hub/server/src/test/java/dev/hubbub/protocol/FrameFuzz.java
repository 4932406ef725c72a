package dev.hubbub.protocol;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Any text is a frame or a refusal, in good words, and an array reads its frames as they are read alone. */
public final class FrameFuzz {
    private static final int LIMIT = 4_096;
    private static final Set<ErrorCode> EXPECTED =
            EnumSet.of(ErrorCode.BAD_FRAME, ErrorCode.BAD_ADDRESS, ErrorCode.TOO_LARGE);

    private FrameFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        Decoded alone = FrameCodec.decode(text);
        judge(alone, text);
        judge(FrameCodec.decodeInner(text, LIMIT), text);
        List<Decoded> batch = FrameCodec.decodeBatch(text, LIMIT);
        must(!batch.isEmpty() || text.strip().startsWith("["), "a text that is no array is one frame or refusal");
        must(batch.size() <= FrameCodec.MAX_BATCH + 1, "no more frames than an array may hold");
        batch.forEach(frame -> judge(frame, text));
        FrameCodec.decodeSockJs(text, LIMIT).forEach(frame -> judge(frame, text));
        if (alone instanceof Decoded.Frame && text.length() < LIMIT / 3) {
            List<Decoded> wrapped = FrameCodec.decodeBatch("[" + text + "]", LIMIT);
            // The array is one level more, which the deepest frame has not.
            must(
                    wrapped.equals(List.of(alone)) || isTooDeep(wrapped),
                    "an array reads its frames as they are read alone");
        }
    }

    private static boolean isTooDeep(List<Decoded> wrapped) {
        return wrapped.size() == 1
                && wrapped.get(0) instanceof Decoded.Refused refused
                && String.valueOf(refused.why().getMessage()).contains("nested deeper");
    }

    private static void judge(Decoded decoded, String text) {
        if (decoded instanceof Decoded.Refused refused) {
            must(
                    EXPECTED.contains(refused.why().code()),
                    "refused with " + refused.why().code());
            FuzzText.saysNothingOfTheInside(String.valueOf(refused.why().getMessage()), "");
            new ErrFrame(refused.about(), refused.why()).text().toJsonObject();
        }
        must(!text.isEmpty() || decoded instanceof Decoded.Refused, "nothing is no frame");
    }
}
