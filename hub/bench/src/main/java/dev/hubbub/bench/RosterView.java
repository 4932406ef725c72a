package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** One client's view of a roster, kept from the frames that it gets. Owned by its loop's thread. */
final class RosterView {
    private final Set<String> users = new HashSet<>();
    private final Consumer<String> joined;
    private long seq = -1;
    private long frames;
    private long changes;
    private long faults;

    /** {@code joined} is told of everyone who comes by a change. */
    RosterView(Consumer<String> joined) {
        this.joined = joined;
    }

    /** Takes the message of one {@code hub.presence} frame. */
    void take(JsonObject message) {
        frames++;
        JsonArray roster = message.getJsonArray("roster");
        if (roster != null) {
            users.clear();
            for (int i = 0; i < roster.size(); i++) {
                users.add(roster.getJsonObject(i).getString("user"));
            }
        } else {
            faults += message.getLong("seq") == seq + 1 ? 0 : 1;
            JsonArray all = message.getJsonArray("changes");
            for (int i = 0; i < all.size(); i++) {
                change(all.getJsonObject(i));
            }
        }
        seq = message.getLong("seq");
    }

    private void change(JsonObject change) {
        changes++;
        String user = change.getString("user");
        if (change.getString("type").equals("leave")) {
            users.remove(user);
        } else if (users.add(user)) {
            joined.accept(user);
        }
    }

    Set<String> users() {
        return users;
    }

    long frames() {
        return frames;
    }

    long changes() {
        return changes;
    }

    /** Frames of changes that did not follow the one before. */
    long faults() {
        return faults;
    }
}
