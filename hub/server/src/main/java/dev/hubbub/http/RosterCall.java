package dev.hubbub.http;

import dev.hubbub.messaging.Rosters;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Reading rosters over HTTP. */
final class RosterCall {
    private static final int DEFAULT_LIMIT = 500;

    private final Rosters rosters;

    RosterCall(HttpContext hub) {
        this.rosters = hub.rosters();
    }

    /** Reads a page of who is at an address. */
    Future<?> roster(ApiRequest request) {
        return rosters.roster(
                        request.caller(),
                        request.required("address"),
                        request.number("limit").orElse(DEFAULT_LIMIT),
                        request.value("after"))
                .map(page -> new JsonObject()
                        .put("address", page.address().value())
                        .put("users", page.users())
                        .put("devices", page.devices())
                        .put("roster", page.roster())
                        .put("more", page.more()));
    }
}
