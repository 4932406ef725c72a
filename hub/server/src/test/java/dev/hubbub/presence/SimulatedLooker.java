package dev.hubbub.presence;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client that believes what it is told, and notes when it is told nonsense. */
final class SimulatedLooker {
    final Map<String, Integer> devices = new TreeMap<>();
    final List<String> left = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    private final String name;
    private long generation = -1;
    private long number = -1;
    private long seq;

    SimulatedLooker(String name) {
        this.name = name;
    }

    void take(PresenceNews news) {
        JsonObject message = new JsonObject(news.frame().text()).getJsonObject("message");
        if (news.kind() == PresenceNews.Kind.ROSTER) {
            if (generation != news.generation() || number >= news.from()) {
                generation = news.generation();
                number = news.number();
                seq = message.getLong("seq");
                devices.clear();
                message.getJsonArray("roster").forEach(one -> put((JsonObject) one));
            }
        } else if (generation == news.generation()) {
            changes(message);
        }
    }

    private void changes(JsonObject message) {
        if (message.getLong("seq") != seq + 1) {
            faults.add(name + " was told " + message.getLong("seq") + " after " + seq);
        }
        seq = message.getLong("seq");
        message.getJsonArray("changes").forEach(one -> {
            JsonObject change = (JsonObject) one;
            String user = change.getString("user");
            boolean known = devices.containsKey(user);
            if (change.getString("type").equals("join") == known) {
                faults.add(name + " was told " + change.encode() + " and has " + devices);
            }
            if (change.getString("type").equals("leave")) {
                devices.remove(user);
                left.add(user);
            } else {
                put(change);
            }
        });
    }

    private void put(JsonObject user) {
        devices.put(user.getString("user"), user.getJsonArray("devices").size());
    }
}
