package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Cuts appends of several addresses into one operation for each address, and puts the answers back in order.
 *
 * <p>The answers come when all operations have ended; what must not wait for the slowest of them is done in the
 * operation itself.
 */
public final class PerAddress {
    private PerAddress() {}

    /** Appends to one address; gives one result per event, in the order given. */
    @FunctionalInterface
    public interface Operation {
        /** Appends {@code events}, all of {@code address}. */
        Future<List<AppendResult>> append(Address address, List<Append> events);
    }

    /**
     * Appends events of any addresses to a store; ends when every operation has, and fails if one has.
     *
     * <p>A signal is kept nowhere, and so needs no operation: it is as safe as it will ever be.
     */
    public static Future<List<AppendResult>> append(List<Append> events, Operation operation) {
        return each(events, wish -> wish.policy().kind() != DeliveryKind.SIGNAL, operation);
    }

    /** Does one operation for each address, signals included. */
    static Future<List<AppendResult>> each(List<Append> events, Operation operation) {
        return each(events, wish -> true, operation);
    }

    private static Future<List<AppendResult>> each(List<Append> events, Predicate<Append> needed, Operation operation) {
        if (areOfOneAddress(events) && events.stream().allMatch(needed)) {
            return operation.append(events.get(0).address(), events);
        }
        List<AppendResult> results = new ArrayList<>(events.size());
        Map<Address, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Append wish = events.get(i);
            results.add(new AppendResult.Appended(wish.content().id(), Optional.empty(), false));
            if (needed.test(wish)) {
                places.computeIfAbsent(wish.address(), a -> new ArrayList<>()).add(i);
            }
        }
        List<Future<List<AppendResult>>> parts = new ArrayList<>(places.size());
        places.forEach((address, at) -> {
            List<Append> part = at.stream().map(events::get).toList();
            parts.add(operation.append(address, part).onSuccess(done -> {
                for (int i = 0; i < at.size(); i++) {
                    results.set(at.get(i), done.get(i));
                }
            }));
        });
        return Future.join(parts).map(results);
    }

    /** Mostly so, and then there is nothing to cut. */
    private static boolean areOfOneAddress(List<Append> events) {
        for (Append wish : events) {
            if (!wish.address().equals(events.get(0).address())) {
                return false;
            }
        }
        return !events.isEmpty();
    }
}
