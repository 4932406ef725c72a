package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers what one event loop appends in a turn into one question to the owner.
 *
 * <p>A question costs far more than an event in it, so a loop with many publishers asks once per turn, or per
 * {@value #MOST_EVENTS} events. Calls keep their order: every other call first sends what is gathered. When a question
 * fails, all that was gathered in it fails with it; the same keys make a retry safe.
 *
 * <p>Belongs to the event loop of its context and is called there only.
 */
public final class GatheringReplay implements Replay {
    static final int MOST_EVENTS = 1_000;

    private final Replay owner;
    private final ContextInternal context;
    private List<Append> events = new ArrayList<>();
    private List<Waiting> waiting = new ArrayList<>();
    private final Map<Address, Future<Attached>> attaching = new HashMap<>();
    private boolean flushPending;

    /** Gathers for {@code owner} in the turns of {@code context}. */
    public GatheringReplay(Replay owner, Context context) {
        this.owner = owner;
        this.context = (ContextInternal) context;
    }

    /** Who begins to listen and then speaks hears itself: an append waits for the attaches before it. */
    @Override
    public Future<List<AppendResult>> append(List<Append> wishes) {
        if (attaching.isEmpty()) {
            return gather(wishes);
        }
        List<Future<Attached>> before = wishes.stream()
                .map(wish -> Optional.ofNullable(attaching.get(wish.address())))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return before.isEmpty() ? gather(wishes) : Future.join(before).transform(done -> gather(wishes));
    }

    private Future<List<AppendResult>> gather(List<Append> wishes) {
        Promise<List<AppendResult>> answer = context.promise();
        waiting.add(new Waiting(wishes.size(), answer));
        events.addAll(wishes);
        if (events.size() >= MOST_EVENTS) {
            flush();
        } else if (!flushPending) {
            flushPending = true;
            context.runOnContext(end -> {
                flushPending = false;
                flush();
            });
        }
        return answer.future();
    }

    private void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Append> sent = events;
        List<Waiting> asked = waiting;
        events = new ArrayList<>();
        waiting = new ArrayList<>();
        owner.append(sent)
                .onSuccess(results -> {
                    int from = 0;
                    for (Waiting one : asked) {
                        one.answer().complete(results.subList(from, from + one.events()));
                        from += one.events();
                    }
                })
                .onFailure(cause -> asked.forEach(one -> one.answer().fail(cause)));
    }

    @Override
    public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
        flush();
        Future<Attached> answer = owner.attach(address, policy, inbox);
        attaching.putAll(Map.of(address, answer));
        return answer.onComplete(done -> attaching.remove(address, answer));
    }

    @Override
    public Future<Void> detach(Address address, String inbox) {
        flush();
        return owner.detach(address, inbox);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
        flush();
        return owner.read(address, policy, from, maxEvents, maxBytes);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        flush();
        return owner.info(address);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        flush();
        return owner.list(prefix, after, limit);
    }

    /** One call of {@link #append}: how many events of the question are its own, and who waits. */
    private record Waiting(int events, Promise<List<AppendResult>> answer) {}
}
