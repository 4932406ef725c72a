package dev.hubbub.http;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Recipient.Notice;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the lines of the {@code text/event-stream} format; pure. */
final class SseFrames {
    /** A line that clients skip; keeps proxies from closing a quiet stream. */
    static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    private static final Pattern RECONNECT_IN = Pattern.compile("reconnect in (\\d{1,9}) ms");

    private SseFrames() {}

    /** Says how long the browser waits before it connects again. */
    static Buffer retry(long millis) {
        return Buffer.buffer("retry: " + millis + "\n\n");
    }

    /** Moves the client's last event id without giving it an event. */
    static Buffer cursor(String id) {
        return Buffer.buffer("id: " + id + "\n\n");
    }

    /** Appends a default message. */
    static void message(Buffer out, Optional<String> id, Buffer json) {
        id.ifPresent(text -> out.appendString("id: ").appendString(text).appendString("\n"));
        data(out, json);
    }

    /** Makes an event with a name. */
    static Buffer named(String event, Optional<String> id, JsonObject json) {
        Buffer out = Buffer.buffer("event: " + event + "\n");
        message(out, id, json.toBuffer());
        return out;
    }

    /** Makes the {@code err} frame about one address. */
    static JsonObject err(Address address, HubException why) {
        return new JsonObject()
                .put("type", "err")
                .put("address", address.value())
                .put("failureCode", why.code().number())
                .put("failureType", why.code().name())
                .put("message", why.getMessage())
                .put("details", why.details());
    }

    /** Makes the message of a notice. */
    static JsonObject notice(Notice notice) {
        JsonObject json = new JsonObject().put("address", notice.address().value());
        if (notice instanceof Notice.Recovered recovered) {
            json.put("position", recovered.position().toString()).put("events", recovered.events());
        } else if (notice instanceof Notice.Subscribed subscribed) {
            json.put("position", subscribed.position().toString());
            if (subscribed.delivery() != DeliveryKind.LOG) {
                json.put("delivery", subscribed.delivery().configName());
            }
        }
        return json;
    }

    /** Makes the last words before the hub ends the stream. */
    static Buffer close(CloseCode code, String reason) {
        Buffer out = Buffer.buffer();
        Matcher wait = RECONNECT_IN.matcher(reason);
        if (wait.find()) {
            out.appendString("retry: " + wait.group(1) + "\n");
        }
        JsonObject json = new JsonObject()
                .put("code", code.number())
                .put("reason", reason)
                .put("reconnect", code.mayReconnect());
        return out.appendBuffer(named("close", Optional.empty(), json));
    }

    /** Every line of the data needs its own field: an event that was published with line breaks keeps them. */
    private static void data(Buffer out, Buffer json) {
        out.appendString("data: ");
        int from = 0;
        for (int i = 0; i < json.length(); i++) {
            byte c = json.getByte(i);
            if (c == '\n' || c == '\r') {
                out.appendBuffer(json, from, i - from).appendString("\ndata: ");
                from = i + 1;
            }
        }
        out.appendBuffer(json, from, json.length() - from).appendString("\n\n");
    }
}
