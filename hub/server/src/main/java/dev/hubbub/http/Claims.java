package dev.hubbub.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns claims that come as JSON into the plain values that rules see. */
final class Claims {

    private Claims() {}

    /** Copies an object; members that are null are left out, as a missing claim. */
    static Map<String, Object> plain(JsonObject object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.forEach(member -> put(map, member.getKey(), value(member.getValue())));
        return map;
    }

    private static void put(Map<String, Object> map, String name, @Nullable Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return plain(object);
        }
        if (value instanceof JsonArray array) {
            List<Object> list = new ArrayList<>();
            for (Object element : array) {
                Object plain = value(element);
                if (plain != null) {
                    list.add(plain);
                }
            }
            return list;
        }
        // As the identity says: whole numbers are Long, others Double.
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value instanceof Float number ? Double.valueOf(number.doubleValue()) : value;
    }
}
