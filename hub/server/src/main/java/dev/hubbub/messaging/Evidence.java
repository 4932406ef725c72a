package dev.hubbub.messaging;

import dev.hubbub.permission.Decision;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.trace.EventEntry.Publication;
import dev.hubbub.trace.SessionEntry;
import dev.hubbub.trace.SessionEntry.What;
import dev.hubbub.trace.Stretch;
import dev.hubbub.trace.TraceLog;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.TreeMap;

/** Writes what was refused, published and ended into the record of a loop; confined to the loop. */
final class Evidence {
    /** Values of claims may be long; an operator needs to see what they are, not all of them. */
    private static final int LONGEST_VALUE = 200;

    private final TraceLog trace;

    Evidence(TraceLog trace) {
        this.trace = trace;
    }

    /** A subscription was refused. */
    void denied(Recipient recipient, Address address, Decision decision) {
        add(What.DENIED, recipient, address, decision);
    }

    /** A subscription ended as the right was taken away. */
    void revoked(Recipient recipient, Address address, Decision decision) {
        add(What.REVOKED, recipient, address, decision);
    }

    private void add(What what, Recipient recipient, Address address, Decision decision) {
        trace.add(new SessionEntry(
                trace.millis(),
                what,
                recipient.connection().value(),
                recipient.caller().name(),
                Optional.of(address),
                Optional.empty(),
                words(decision).encode()));
    }

    /** Says a decision as the answer to a trace does. */
    static JsonObject words(Decision decision) {
        JsonObject words = new JsonObject().put("allowed", decision.allowed()).put("reason", decision.reason());
        decision.rule().ifPresent(rule -> words.put("rule", rule));
        decision.where().ifPresent(where -> words.put("at", where));
        decision.expression().ifPresent(expression -> words.put("expression", expression));
        JsonObject values = new JsonObject();
        new TreeMap<>(decision.values()).forEach((name, value) -> values.put(name, shortened(String.valueOf(value))));
        return words.put("values", values);
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
    }

    /** A connection has ended. */
    void disconnected(ConnectionId connection, String user, long sinceMillis, String why) {
        trace.add(new SessionEntry(
                trace.millis(),
                What.DISCONNECTED,
                connection.value(),
                user,
                Optional.empty(),
                Optional.of(Stretch.since(sinceMillis)),
                why));
    }

    /** An event was taken from a publisher, maybe not for the first time. */
    void published(Append append, AppendResult.Appended appended) {
        String type = append.content().type().orElse("");
        trace.published(
                appended.duplicate(),
                append.address(),
                appended.id(),
                appended.position(),
                new Publication(append.publisher(), type, append.dedupeKey()));
    }

    /** An event was refused; a text that is no address is not kept. */
    void publishRefused(String user, Optional<ConnectionId> connection, String address, HubException why) {
        trace.add(new SessionEntry(
                trace.millis(),
                What.PUBLISH_REFUSED,
                connection.map(ConnectionId::value).orElse(""),
                user,
                Optional.of(address)
                        .filter(text -> why.code() != ErrorCode.BAD_ADDRESS)
                        .map(Address::new),
                Optional.empty(),
                why.code().name() + ": " + why.getMessage()));
    }
}
