package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One address that a node listens to; belongs to its {@link Attachments}. */
final class Attachment {
    final Address address;
    final Set<String> inboxes = new LinkedHashSet<>(4);
    List<Promise<Attached>> waiting = new ArrayList<>(1);

    @Nullable
    LogPolicy policy;

    /** Where the node listens; empty before the first answer. */
    String owner = "";

    /** Who was asked last. */
    String asked = "";

    boolean asking;
    boolean again;
    boolean unreachableTold;
    int failures;
    long dueMillis;
    private List<Promise<Attached>> inQuestion = List.of();
    private boolean againInQuestion;
    private Optional<Position> head = Optional.empty();

    Attachment(Address address) {
        this.address = address;
    }

    LogPolicy policy() {
        LogPolicy known = policy;
        if (known == null) {
            throw new IllegalStateException("nobody has asked for " + address + " yet");
        }
        return known;
    }

    /** Takes everybody who waits into the question that is being sent. */
    void begin(String to) {
        asking = true;
        asked = to;
        inQuestion = waiting;
        againInQuestion = again;
        waiting = new ArrayList<>(1);
        again = false;
    }

    /**
     * Answers who asked.
     *
     * @return whether the other loops have to be told, too
     */
    boolean succeed(Attached answer) {
        asking = false;
        failures = 0;
        boolean tellAll = againInQuestion || unreachableTold || !(owner.isEmpty() || owner.equals(asked));
        unreachableTold = false;
        owner = asked;
        head = Optional.of(answer.head());
        List<Promise<Attached>> answered = inQuestion;
        inQuestion = List.of();
        answered.forEach(promise -> promise.complete(answer));
        return tellAll;
    }

    /** Tells who asked that it did not succeed. */
    void failWaiting(String reason) {
        List<Promise<Attached>> failed = new ArrayList<>(inQuestion);
        failed.addAll(waiting);
        inQuestion = List.of();
        waiting = new ArrayList<>(1);
        failed.forEach(promise -> promise.fail(new HubException(ErrorCode.UNAVAILABLE, reason)));
    }

    /** Tells whether somebody has asked since the question was sent. */
    boolean wantsMore() {
        return again || !waiting.isEmpty();
    }

    /** Takes note of events that pass by. */
    void passed(Delivery delivery) {
        EventFrame last = delivery.events().get(delivery.events().size() - 1);
        if (last.position().isPresent()) {
            head = last.position();
        }
    }

    /** Tells whether a log that ends at {@code other} has what has not passed by here. */
    boolean isBehind(Position other) {
        return head.isEmpty()
                || !head.get().isSameHistory(other)
                || other.offset() > head.get().offset();
    }
}
