package dev.hubbub.replay;

import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a log should be, as a plain list of all events ever appended and no cleverness.
 *
 * <p>Written from the promises: it knows every event's true place and term, forgets nothing by itself, and derives what
 * may be retained from the policy.
 */
final class LogModel {
    final List<Said> history = new ArrayList<>();
    private final Map<String, Said> keys = new HashMap<>();
    private final List<String> terms = new ArrayList<>();
    private final String epoch;
    private String owner;
    private LogPolicy policy;
    private int firstKept;

    LogModel(String epoch, String owner, LogPolicy policy) {
        this.epoch = epoch;
        this.owner = owner;
        this.policy = policy;
        terms.add("1-" + owner);
    }

    /** An event with its true position. */
    record Said(EventContent content, Position position, long atMillis) {}

    /** What an append should answer: the place of the event and whether it was there; no place means refused. */
    record Expected(Optional<Position> position, boolean duplicate) {}

    void use(LogPolicy now, long nowMillis) {
        policy = now;
        trim(nowMillis);
    }

    Expected append(Append wish, Turn turn) {
        use(wish.policy(), turn.nowMillis());
        Said known = keys.get(wish.dedupeKey());
        if (known != null) {
            boolean same = known.content().payloadHash() == wish.content().payloadHash();
            return new Expected(same ? Optional.of(known.position()) : Optional.empty(), true);
        }
        if (wish.content().json().length() > policy.maxBytes()) {
            return new Expected(Optional.empty(), false);
        }
        if (!turn.owner().equals(owner)) {
            owner = turn.owner();
            terms.add(terms.size() + 1 + "-" + owner);
        }
        Position position = new Position(epoch, term(), history.size() + 1);
        Said said = new Said(wish.content(), position, turn.nowMillis());
        history.add(said);
        keys.put(wish.dedupeKey(), said);
        trim(turn.nowMillis());
        return new Expected(Optional.of(position), false);
    }

    private void trim(long nowMillis) {
        while (firstKept < history.size() && isTooMuch(nowMillis)) {
            firstKept++;
        }
        keys.values()
                .removeIf(said -> said.position().offset() <= firstKept
                        && nowMillis - said.atMillis() >= DedupeWindow.MIN_MILLIS);
    }

    private boolean isTooMuch(long nowMillis) {
        List<Said> kept = kept();
        long bytes = kept.stream().mapToLong(s -> s.content().json().length()).sum();
        return kept.size() > policy.maxEvents()
                || bytes > policy.maxBytes()
                || nowMillis - kept.get(0).atMillis() > policy.maxAgeMillis();
    }

    List<Said> kept() {
        return history.subList(firstKept, history.size());
    }

    String term() {
        return terms.get(terms.size() - 1);
    }

    Position head() {
        return new Position(epoch, term(), history.size());
    }

    /** Tells whether exactly this history has the position. */
    boolean isTrue(Position position) {
        if (!position.epoch().equals(epoch) || position.offset() > history.size()) {
            return false;
        }
        return position.offset() == 0
                ? position.term().equals(terms.get(0))
                : history.get((int) position.offset() - 1).position().equals(position);
    }

    /** The one right answer to a resume; a term so old that it is forgotten may be called diverged. */
    Set<ReadResult.Reason> lostReasons(Position position) {
        Set<ReadResult.Reason> reasons = new HashSet<>();
        if (!position.epoch().equals(epoch)) {
            reasons.add(ReadResult.Reason.EPOCH);
        } else if (!isTrue(position) || isForgotten(position.term())) {
            reasons.add(ReadResult.Reason.DIVERGED);
        } else if (position.offset() < firstKept) {
            reasons.add(ReadResult.Reason.RETENTION);
        }
        return reasons;
    }

    private boolean isForgotten(String term) {
        return terms.indexOf(term) < terms.size() - Terms.KEPT;
    }

    List<Said> missed(Position position) {
        return history.subList((int) position.offset(), history.size());
    }
}
