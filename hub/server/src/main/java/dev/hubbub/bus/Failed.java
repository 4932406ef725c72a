package dev.hubbub.bus;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/** The answer to a question that failed. */
record Failed(HubException why) {
    private static final int NUMBER = 255;

    /** Returns how it travels. */
    static WireType<Failed> wireType() {
        return new WireType<>(NUMBER, Failed.class, Failed::write, Failed::read);
    }

    private static void write(WireWriter out, Failed failed) {
        writeException(out, failed.why());
    }

    private static Failed read(WireReader in) {
        return new Failed(readException(in));
    }

    static void writeException(WireWriter out, HubException why) {
        out.number(why.code().number());
        out.text(String.valueOf(why.getMessage()));
        out.text(why.details().encode());
    }

    static HubException readException(WireReader in) {
        int number = in.smallNumber();
        String message = in.text();
        JsonObject details = new JsonObject(in.text());
        // A newer version may have codes that this one does not know.
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.number() == number)
                .findFirst()
                .orElse(ErrorCode.UNAVAILABLE);
        return new HubException(code, message, details);
    }
}
