package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request that fits the API's description, from a known caller.
 *
 * @param caller who sent it
 * @param values path, query and header parameters by name, decoded
 * @param body the JSON body as Vert.x decodes it; null when there is none
 * @param bodyBytes how many bytes the body had
 */
record ApiRequest(
        Caller caller, Map<String, String> values, @Nullable Object body, int bodyBytes) {

    /** Returns a parameter that may be missing. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns a parameter that the description requires. */
    String required(String name) {
        return value(name).orElseThrow();
    }

    /** Returns a whole number that the description bounds. */
    Optional<Integer> number(String name) {
        return value(name).map(Integer::valueOf);
    }

    /** Returns the body, where the description says that it is an object. */
    JsonObject object() {
        return body instanceof JsonObject object ? object : new JsonObject();
    }
}
