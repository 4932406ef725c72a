package dev.hubbub.auth;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that are refused although they have not expired; one set for a node, read by all its event loops.
 *
 * <p>An entry stays for the time given and, once a revoked token was seen, at least until that token expires. So a
 * token that lives longer than that time and stays away for all of it comes back to life: keep tokens shorter, or the
 * time longer. When all places are taken a new revocation is refused; none is ever dropped to make room, since that
 * would let a revoked token in.
 *
 * <p>Each change of an entry gets the next number of this set, so that another node can ask for what is new since the
 * last time ({@link #after}) and take it in ({@link #learn}). Safe to use from every thread; a look at an entry that is
 * not there takes no lock.
 */
public final class Revocations {
    /** How many entries a node holds by default; some 20 MB. */
    public static final int DEFAULT_MOST = 100_000;

    /** How long an entry stays by default. */
    public static final Duration DEFAULT_KEEP = Duration.ofDays(7);

    /** Longer than any leeway: a token that has just expired may still be accepted elsewhere. */
    private static final long EXPIRY_SLACK_MILLIS = 60_000;

    private final int most;
    private final long keepMillis;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private long last;

    private record Key(boolean token, String value) {}

    private record Entry(long issuedBeforeMillis, long endsAtMillis, long number) {}

    /**
     * One revocation, as nodes tell each other.
     *
     * @param token whether {@code value} is a {@code jti}; else it is a {@code sub}
     * @param issuedBeforeMillis tokens that were issued before this are refused
     * @param endsAtMillis when it may be forgotten
     */
    public record Known(boolean token, String value, long issuedBeforeMillis, long endsAtMillis) {}

    /**
     * A part of a set.
     *
     * @param known at most as many as were asked for, in the order of their changes
     * @param last the number of the last change in it: what to ask after the next time
     * @param more whether there is more
     */
    public record Page(List<Known> known, long last, boolean more) {
        /** Copies the list. */
        public Page {
            known = List.copyOf(known);
        }
    }

    /** Creates an empty set of at most {@code most} entries, each kept for {@code keep}. */
    public Revocations(int most, Duration keep) {
        if (most < 1 || keep.toMillis() < 1) {
            throw new IllegalArgumentException("most: " + most + ", keep: " + keep + " (expected: both above 0)");
        }
        this.most = most;
        this.keepMillis = keep.toMillis();
    }

    /** Creates an empty set of the default size. */
    public static Revocations standard() {
        return new Revocations(DEFAULT_MOST, DEFAULT_KEEP);
    }

    /**
     * Revokes the token with this {@code jti}.
     *
     * @throws HubException with {@link ErrorCode#LIMIT_REACHED} when all places are taken
     */
    public void revokeToken(String tokenId, long nowMillis) {
        revoke(new Known(true, tokenId, Long.MAX_VALUE, nowMillis + keepMillis), nowMillis);
    }

    /**
     * Revokes the subject's tokens that were issued before a time; a token without {@code iat} counts as issued before.
     *
     * @throws HubException with {@link ErrorCode#LIMIT_REACHED} when all places are taken
     */
    public void revokeSubject(String subject, long beforeMillis, long nowMillis) {
        revoke(new Known(false, subject, beforeMillis, nowMillis + keepMillis), nowMillis);
    }

    private void revoke(Known entry, long nowMillis) {
        if (put(entry, nowMillis) == Put.NO_ROOM) {
            throw new HubException(
                    ErrorCode.LIMIT_REACHED,
                    "all " + most + " revocations are in use; wait for some to end, or change the signing key");
        }
    }

    /** Tells whether the identity's token is revoked. */
    public boolean isRevoked(Identity identity, long nowMillis) {
        // Both are asked, so that both stay long enough.
        boolean byToken = identity.tokenId().isPresent()
                && hit(new Key(true, identity.tokenId().get()), identity, nowMillis);
        boolean bySubject = identity.subject().isPresent()
                && hit(new Key(false, identity.subject().get()), identity, nowMillis);
        return byToken || bySubject;
    }

    /** Returns how many entries there are; some may have ended. */
    public int size() {
        return entries.size();
    }

    /** Returns what has changed after a number; 0 is before every change. */
    public synchronized Page after(long number, int most) {
        if (number >= last) {
            return new Page(List.of(), last, false);
        }
        List<Map.Entry<Key, Entry>> newer = entries.entrySet().stream()
                .filter(entry -> entry.getValue().number() > number)
                .sorted(Comparator.comparingLong(entry -> entry.getValue().number()))
                .limit(most + 1L)
                .toList();
        boolean more = newer.size() > most;
        List<Map.Entry<Key, Entry>> told = more ? newer.subList(0, most) : newer;
        long end = more ? told.get(told.size() - 1).getValue().number() : last;
        return new Page(told.stream().map(Revocations::known).toList(), end, more);
    }

    private static Known known(Map.Entry<Key, Entry> entry) {
        return new Known(
                entry.getKey().token(),
                entry.getKey().value(),
                entry.getValue().issuedBeforeMillis(),
                entry.getValue().endsAtMillis());
    }

    /**
     * Takes in what another node knows; what has ended is left out.
     *
     * @return what came of it
     */
    public Learned learn(List<Known> others, long nowMillis) {
        int fresh = 0;
        int noRoom = 0;
        for (Known entry : others) {
            if (entry.endsAtMillis() > nowMillis) {
                Put put = put(entry, nowMillis);
                fresh += put == Put.CHANGED ? 1 : 0;
                noRoom += put == Put.NO_ROOM ? 1 : 0;
            }
        }
        return new Learned(fresh, noRoom);
    }

    /**
     * What came of learning.
     *
     * @param fresh how many entries were new, or reach further than before
     * @param noRoom how many there was no place for
     */
    public record Learned(int fresh, int noRoom) {}

    private boolean hit(Key key, Identity identity, long nowMillis) {
        Optional<Entry> entry = live(key, nowMillis);
        if (entry.isEmpty() || identity.issuedAtMillis() >= entry.get().issuedBeforeMillis()) {
            return false;
        }
        long neededUntil = identity.expiresAtMillis() > Long.MAX_VALUE - EXPIRY_SLACK_MILLIS
                ? Long.MAX_VALUE
                : identity.expiresAtMillis() + EXPIRY_SLACK_MILLIS;
        if (neededUntil > entry.get().endsAtMillis()) {
            prolong(key, neededUntil);
        }
        return true;
    }

    /** Not a change that others have to know: each node keeps what it has seen itself. */
    private synchronized void prolong(Key key, long untilMillis) {
        entries.computeIfPresent(
                key,
                (k, known) -> new Entry(
                        known.issuedBeforeMillis(), Math.max(untilMillis, known.endsAtMillis()), known.number()));
    }

    private enum Put {
        CHANGED,
        KNOWN,
        NO_ROOM
    }

    private synchronized Put put(Known added, long nowMillis) {
        Key key = new Key(added.token(), added.value());
        Optional<Entry> known = live(key, nowMillis);
        if (known.isEmpty() && entries.size() >= most) {
            entries.values().removeIf(entry -> entry.endsAtMillis() <= nowMillis);
            if (entries.size() >= most) {
                return Put.NO_ROOM;
            }
        }
        long before = Math.max(
                added.issuedBeforeMillis(), known.map(Entry::issuedBeforeMillis).orElse(Long.MIN_VALUE));
        long ends =
                Math.max(added.endsAtMillis(), known.map(Entry::endsAtMillis).orElse(Long.MIN_VALUE));
        if (known.isPresent()
                && known.get().issuedBeforeMillis() == before
                && known.get().endsAtMillis() == ends) {
            return Put.KNOWN;
        }
        last++;
        entries.put(key, new Entry(before, ends, last));
        return Put.CHANGED;
    }

    private Optional<Entry> live(Key key, long nowMillis) {
        return Optional.ofNullable(entries.get(key)).filter(entry -> entry.endsAtMillis() > nowMillis);
    }
}
