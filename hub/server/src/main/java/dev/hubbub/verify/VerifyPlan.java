package dev.hubbub.verify;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a verification does.
 *
 * @param nodes the public listeners to go through, one or more
 * @param token a user's token; for the sockets, and for publishing where there is no key
 * @param apiKey a service's key for publishing and reading; empty to do that with the token
 * @param addresses where to publish and listen, 1 to 64; nobody else may publish there meanwhile
 * @param clients how many sockets, 1 to 1,000
 * @param perSecond how many events, 1 to 1,000
 * @param seconds for how long, 1 to 3,600
 */
public record VerifyPlan(
        List<URI> nodes,
        String token,
        Optional<String> apiKey,
        List<String> addresses,
        int clients,
        int perSecond,
        int seconds) {
    private static final long MOST_SIGHTS = 5_000_000;

    /** Copies the lists and checks the ranges. */
    public VerifyPlan {
        nodes = List.copyOf(nodes);
        addresses = List.copyOf(addresses);
        require(!nodes.isEmpty(), "nodes: one or more are needed");
        require(!addresses.isEmpty() && addresses.size() <= 64, "addresses: 1 to 64, not " + addresses.size());
        require(clients >= 1 && clients <= 1_000, "clients: 1 to 1000, not " + clients);
        require(perSecond >= 1 && perSecond <= 1_000, "rate: 1 to 1000 a second, not " + perSecond);
        require(seconds >= 1 && seconds <= 3_600, "seconds: 1 to 3600, not " + seconds);
        require(
                (long) clients * perSecond * seconds <= MOST_SIGHTS,
                "clients times rate times seconds is what is kept in memory: at most " + MOST_SIGHTS);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
