package dev.hubbub.messaging;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.permission.AddressPattern;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/** Finds the busiest of an event loop's addresses, {@value Slices#SLICE} in a turn of the loop. */
final class AddressRanking {
    private final EventLoop loop;
    private final Function<String, AddressLoad> load;

    /**
     * Creates a ranking.
     *
     * @param load how busy an address is now
     */
    AddressRanking(EventLoop loop, Function<String, AddressLoad> load) {
        this.loop = loop;
        this.load = load;
    }

    /** Returns the busiest, in no order; fails with {@code BAD_ADDRESS} for a pattern that is none. */
    Future<List<AddressLoad>> rank(List<String> addresses, LoopQuestion.RankAddresses how) {
        Predicate<String> wanted;
        try {
            wanted = matching(how.match());
        } catch (HubException noPattern) {
            return Future.failedFuture(noPattern);
        }
        PriorityQueue<AddressLoad> best = new PriorityQueue<>(
                Comparator.comparingDouble((AddressLoad one) -> how.order().of(one)));
        Promise<List<AddressLoad>> done = Promise.promise();
        look(new Search(addresses, wanted, how.limit(), best), 0, done);
        return done.future();
    }

    private static Predicate<String> matching(String match) {
        if (match.indexOf('{') < 0) {
            return address -> address.startsWith(match);
        }
        AddressPattern pattern = AddressPattern.parse(match);
        return address -> address.startsWith(pattern.prefix()) && pattern.matches(new Address(address));
    }

    private void look(Search search, int from, Promise<List<AddressLoad>> done) {
        int until = Math.min(from + Slices.SLICE, search.addresses().size());
        for (String address : search.addresses().subList(from, until)) {
            if (search.wanted().test(address)) {
                search.best().add(load.apply(address));
                if (search.best().size() > search.limit()) {
                    search.best().remove();
                }
            }
        }
        if (until < search.addresses().size()) {
            loop.soon(() -> look(search, until, done));
        } else {
            done.complete(List.copyOf(search.best()));
        }
    }

    private record Search(
            List<String> addresses, Predicate<String> wanted, int limit, PriorityQueue<AddressLoad> best) {}
}
