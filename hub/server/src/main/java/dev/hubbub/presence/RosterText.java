package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.time.Instant;
import java.util.List;

/**
 * Rosters and changes as JSON, as {@code hub/PROTOCOL.md} has them.
 *
 * <p>Written by hand, since claims and states are JSON text already and a roster may have a thousand users.
 */
final class RosterText {
    private static final int USER_CHARACTERS = 240;

    private RosterText() {}

    /** Writes the frame that a subscriber gets first. */
    static Buffer roster(Address address, ToldRoster.Roster roster) {
        StringBuilder out =
                new StringBuilder(200 + USER_CHARACTERS * roster.people().size());
        head(out, address, roster.seq(), roster.users(), roster.devices());
        if (roster.partial()) {
            out.append(",\"partial\":true");
        }
        out.append(",\"roster\":");
        people(out, roster.people());
        return Buffer.buffer(out.append("}}").toString());
    }

    /** Writes the frame that tells what changed. */
    static Buffer changes(Address address, long seq, int users, int devices, List<Change> changes) {
        StringBuilder out = new StringBuilder(200 + USER_CHARACTERS * changes.size());
        head(out, address, seq, users, devices);
        out.append(",\"changes\":[");
        char separator = ' ';
        for (Change change : changes) {
            if (separator == ',') {
                out.append(separator);
            }
            separator = ',';
            out.append("{\"type\":\"").append(change.type().wireName()).append("\",");
            members(out, change.user());
            out.append('}');
        }
        return Buffer.buffer(out.append("]}}").toString());
    }

    /** Writes people as an array. */
    static String people(List<Shown> people) {
        StringBuilder out = new StringBuilder(USER_CHARACTERS * people.size());
        people(out, people);
        return out.toString();
    }

    private static void head(StringBuilder out, Address address, long seq, int users, int devices) {
        // An address has no character that JSON escapes.
        out.append("{\"event\":\"hub.presence\",\"message\":{\"address\":\"")
                .append(address.value())
                .append("\",\"seq\":")
                .append(seq)
                .append(",\"users\":")
                .append(users)
                .append(",\"devices\":")
                .append(devices);
    }

    private static void people(StringBuilder out, List<Shown> people) {
        out.append('[');
        for (int i = 0; i < people.size(); i++) {
            out.append(i == 0 ? "{" : ",{");
            members(out, people.get(i));
            out.append('}');
        }
        out.append(']');
    }

    private static void members(StringBuilder out, Shown shown) {
        out.append("\"user\":")
                .append(Json.encode(shown.user()))
                .append(",\"claims\":")
                .append(shown.claims())
                .append(",\"devices\":[");
        for (int i = 0; i < shown.devices().size(); i++) {
            Shown.OneDevice device = shown.devices().get(i);
            out.append(i == 0 ? "{\"id\":" : ",{\"id\":")
                    .append(Json.encode(device.id()))
                    .append(",\"since\":\"")
                    .append(Instant.ofEpochMilli(device.sinceMillis()))
                    .append("\",\"state\":")
                    .append(device.state())
                    .append('}');
        }
        out.append("],\"state\":").append(shown.state());
    }
}
