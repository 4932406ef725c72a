package dev.hubbub.ops;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;

/**
 * What a tail shows of events: all of them as they are, or a few a second and without what users wrote.
 *
 * <p>{@code payload=masked} leaves out payloads and says how big they are; {@code rate=N} lets N events a second
 * through and then says how many it left out. Confined to the listener's event loop.
 */
final class TailView {
    private static final long SECOND_MILLIS = 1_000;

    private final boolean masked;
    private final long perSecond;
    private final Clock clock;
    private long secondMillis;
    private long shown;
    private long leftOut;

    TailView(boolean masked, long perSecond, Clock clock) {
        this.masked = masked;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Reads the parameters of a tail. */
    static TailView of(RoutingContext call, Clock clock) {
        long rate = OpsCall.number(call, "rate").orElse(Long.MAX_VALUE);
        if (rate < 1) {
            throw new HubException(ErrorCode.BAD_REQUEST, "rate is how many events a second, at least 1");
        }
        return new TailView(isMasked(call), rate, clock);
    }

    static boolean isMasked(RoutingContext call) {
        return "masked".equals(call.request().getParam("payload"));
    }

    /** Returns the lines to write for one event; none while there are too many. */
    Buffer lines(Buffer frame) {
        long now = clock.millis();
        if (now - secondMillis >= SECOND_MILLIS) {
            secondMillis = now;
            shown = 0;
        }
        if (shown >= perSecond) {
            leftOut++;
            return Buffer.buffer();
        }
        shown++;
        Buffer out = Buffer.buffer();
        if (leftOut > 0) {
            out.appendBuffer(line(new JsonObject().put("leftOut", leftOut).toBuffer()));
            leftOut = 0;
        }
        return out.appendBuffer(line(masked ? mask(new JsonObject(frame)).toBuffer() : frame));
    }

    static Buffer line(Buffer text) {
        return Buffer.buffer(text.length() + 1).appendBuffer(text).appendByte((byte) '\n');
    }

    private static JsonObject mask(JsonObject frame) {
        Object body = frame.getValue("body");
        if (body instanceof JsonObject event && event.containsKey("type") && event.containsKey("payload")) {
            int bytes = Json.encodeToBuffer(event.remove("payload")).length();
            event.put("payloadBytes", bytes);
        } else {
            frame.put(
                    "body",
                    new JsonObject()
                            .put("payloadBytes", Json.encodeToBuffer(body).length()));
        }
        return frame;
    }
}
