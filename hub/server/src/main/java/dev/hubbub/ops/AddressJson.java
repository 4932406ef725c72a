package dev.hubbub.ops;

import dev.hubbub.messaging.AddressLoad;
import dev.hubbub.messaging.Inspection;
import io.vertx.core.json.JsonObject;

/** Writes how busy addresses are, for operators and between nodes, and reads it again. */
final class AddressJson {
    private AddressJson() {}

    static JsonObject of(AddressLoad load) {
        AddressLoad.Counts counts = load.counts();
        return new JsonObject()
                .put("address", load.address())
                .put("subscribers", load.subscribers())
                .put("in", tenths(load.inPerSecond()))
                .put("out", tenths(load.outPerSecond()))
                .put("published", counts.published())
                .put("delivered", counts.delivered())
                .put("dropped", counts.dropped())
                .put("resumed", counts.resumed())
                .put("lost", counts.lost());
    }

    private static double tenths(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    static AddressLoad load(JsonObject json) {
        return new AddressLoad(
                json.getString("address"),
                json.getInteger("subscribers"),
                json.getDouble("in"),
                json.getDouble("out"),
                new AddressLoad.Counts(
                        json.getLong("published"),
                        json.getLong("delivered"),
                        json.getLong("dropped"),
                        json.getLong("resumed"),
                        json.getLong("lost")));
    }

    static JsonObject of(Inspection.LogOf log) {
        JsonObject json = new JsonObject().put("retained", log.events()).put("retainedBytes", log.bytes());
        log.first().ifPresent(first -> json.put("first", first.toString()));
        log.last().ifPresent(last -> json.put("position", last.toString()));
        return json;
    }
}
