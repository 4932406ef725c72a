package dev.hubbub.ops;

import dev.hubbub.messaging.ConnectionView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Writes connections as operators read them. */
final class ConnectionJson {
    private ConnectionJson() {}

    /** Writes one of a list. */
    static JsonObject of(ConnectionView view) {
        return new JsonObject()
                .put("id", view.entry().id().value())
                .put("user", view.entry().user())
                .put("ip", view.entry().ip())
                .put("transport", view.entry().transport())
                .put("node", view.entry().node())
                .put("since", Instant.ofEpochMilli(view.entry().sinceMillis()).toString())
                .put("agent", view.agent())
                .put("pendingBytes", view.unsentBytes())
                .put("slow", view.slow())
                .put("subscriptionCount", view.subscriptions());
    }

    /** Writes all there is. */
    static JsonObject of(ConnectionView.Detail detail) {
        JsonArray subscriptions = new JsonArray();
        detail.addresses().forEach(place -> subscriptions.add(of(place)));
        JsonObject json =
                of(detail.view()).put("claims", new JsonObject(detail.claims())).put("subscriptions", subscriptions);
        if (detail.expiresAtMillis() != Long.MAX_VALUE) {
            json.put(
                    "tokenExpires",
                    Instant.ofEpochMilli(detail.expiresAtMillis()).toString());
        }
        return json;
    }

    private static JsonObject of(ConnectionView.Place place) {
        JsonObject json = new JsonObject()
                .put("address", place.address())
                .put("delivery", place.delivery())
                .put("state", place.state())
                .put("blocked", place.blocked())
                .put("presence", place.presence());
        place.position().ifPresent(position -> json.put("position", position.toString()));
        return json;
    }
}
