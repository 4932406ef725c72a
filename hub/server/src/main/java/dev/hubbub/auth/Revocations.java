package dev.hubbub.auth;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that are refused although they have not expired; pure, owned by one event loop.
 *
 * <p>An entry stays for the time given and, once a revoked token was seen, at least until that token expires. So a
 * token that lives longer than that time and stays away for all of it comes back to life: keep tokens shorter, or the
 * time longer. When all places are taken a new revocation is refused; none is ever dropped to make room, since that
 * would let a revoked token in.
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
    private final Map<Key, Entry> entries = new HashMap<>();

    private enum Kind {
        TOKEN,
        SUBJECT
    }

    private record Key(Kind kind, String value) {}

    private record Entry(long issuedBeforeMillis, long endsAtMillis) {}

    /** Creates an empty set of at most {@code most} entries, each kept for {@code keep}. */
    public Revocations(int most, Duration keep) {
        if (most < 1 || keep.toMillis() < 1) {
            throw new IllegalArgumentException("most: " + most + ", keep: " + keep + " (expected: both above 0)");
        }
        this.most = most;
        this.keepMillis = keep.toMillis();
    }

    /**
     * Revokes the token with this {@code jti}.
     *
     * @throws HubException with {@link ErrorCode#LIMIT_REACHED} when all places are taken
     */
    public void revokeToken(String tokenId, long nowMillis) {
        put(new Key(Kind.TOKEN, tokenId), Long.MAX_VALUE, nowMillis);
    }

    /**
     * Revokes the subject's tokens that were issued before a time; a token without {@code iat} counts as issued before.
     *
     * @throws HubException with {@link ErrorCode#LIMIT_REACHED} when all places are taken
     */
    public void revokeSubject(String subject, long beforeMillis, long nowMillis) {
        put(new Key(Kind.SUBJECT, subject), beforeMillis, nowMillis);
    }

    /** Tells whether the identity's token is revoked. */
    public boolean isRevoked(Identity identity, long nowMillis) {
        // Both are asked, so that both stay long enough.
        boolean byToken = identity.tokenId().isPresent()
                && hit(new Key(Kind.TOKEN, identity.tokenId().get()), identity, nowMillis);
        boolean bySubject = identity.subject().isPresent()
                && hit(new Key(Kind.SUBJECT, identity.subject().get()), identity, nowMillis);
        return byToken || bySubject;
    }

    /** Returns how many entries there are; some may have ended. */
    public int size() {
        return entries.size();
    }

    private boolean hit(Key key, Identity identity, long nowMillis) {
        Optional<Entry> entry = live(key, nowMillis);
        if (entry.isEmpty() || identity.issuedAtMillis() >= entry.get().issuedBeforeMillis()) {
            return false;
        }
        long neededUntil = identity.expiresAtMillis() > Long.MAX_VALUE - EXPIRY_SLACK_MILLIS
                ? Long.MAX_VALUE
                : identity.expiresAtMillis() + EXPIRY_SLACK_MILLIS;
        if (neededUntil > entry.get().endsAtMillis()) {
            entries.put(key, new Entry(entry.get().issuedBeforeMillis(), neededUntil));
        }
        return true;
    }

    private void put(Key key, long issuedBeforeMillis, long nowMillis) {
        Optional<Entry> known = live(key, nowMillis);
        if (known.isEmpty() && entries.size() >= most) {
            entries.values().removeIf(entry -> entry.endsAtMillis() <= nowMillis);
            if (entries.size() >= most) {
                throw new HubException(
                        ErrorCode.LIMIT_REACHED,
                        "all " + most + " revocations are in use; wait for some to end, or change the signing key");
            }
        }
        long before = Math.max(
                issuedBeforeMillis, known.map(Entry::issuedBeforeMillis).orElse(Long.MIN_VALUE));
        long ends =
                Math.max(nowMillis + keepMillis, known.map(Entry::endsAtMillis).orElse(Long.MIN_VALUE));
        entries.put(key, new Entry(before, ends));
    }

    private Optional<Entry> live(Key key, long nowMillis) {
        return Optional.ofNullable(entries.get(key)).filter(entry -> entry.endsAtMillis() > nowMillis);
    }
}
