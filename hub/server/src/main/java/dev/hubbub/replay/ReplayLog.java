package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.DedupeWindow.First;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of one {@code log} or {@code latest} address.
 *
 * <p>A deterministic function of its operations: time, owner and epoch come with each of them. Offsets are 1, 2, 3 …
 * without a hole for the log's whole life; what is kept of the events is bounded by the policy of the last operation,
 * what is remembered of them by {@link DedupeWindow}, {@link ResourceVersions} and {@link Terms}. When the kind of the
 * address changes, positions stay valid: from {@code log} to {@code latest} the newest values are kept, the other way
 * round nothing.
 *
 * <p>Not thread-safe; its owner's event loop (or partition thread) runs its operations in turn.
 */
public final class ReplayLog {
    private static final int EMPTY_LOG_BYTES = 600;
    private static final int SHED_FRACTION = 8;

    private final Address address;
    private final String epoch;
    private final Terms terms;
    private final DedupeWindow dedupe = new DedupeWindow();
    private final ResourceVersions versions = new ResourceVersions();
    private Retained retained;
    private LogPolicy policy;
    private long top;
    private long lastUsedMillis;
    private long oldestTold;

    /**
     * Begins a log.
     *
     * @param policy not of kind {@code signal}, which has no log
     */
    public ReplayLog(Address address, LogPolicy policy, Turn turn) {
        this.address = address;
        this.epoch = turn.freshEpoch();
        this.terms = new Terms(turn.owner());
        this.policy = policy;
        this.retained = retainedFor(policy.kind());
        this.lastUsedMillis = turn.nowMillis();
    }

    private ReplayLog(Address address, String epoch, Terms terms, LogPolicy policy) {
        this.address = address;
        this.epoch = epoch;
        this.terms = terms;
        this.policy = policy;
        this.retained = retainedFor(policy.kind());
    }

    private static Retained retainedFor(DeliveryKind kind) {
        return switch (kind) {
            case LOG -> new RetainedEvents();
            case LATEST -> new LatestValues();
            case SIGNAL -> throw new IllegalArgumentException("kind: signal (expected: log or latest)");
        };
    }

    /** Adds an event, or tells why not; a known key gives its first answer again. */
    public AppendResult append(Append wish, Turn turn) {
        return append(wish, turn, new LogEffect.Recorder());
    }

    /** Adds an event and records what a copy of the log has to be told. */
    AppendResult append(Append wish, Turn turn, LogEffect.Recorder recorder) {
        use(wish.policy(), turn.nowMillis());
        EventContent content = wish.content();
        AppendResult known = known(wish.dedupeKey(), content, recorder);
        if (known != null) {
            return known;
        }
        HubException refusal = refusal(content);
        if (refusal != null) {
            return new AppendResult.Refused(refusal);
        }
        terms.enter(turn.owner(), top + 1);
        top++;
        LogEntry entry = new LogEntry(top, terms.current(), turn.nowMillis(), content, wish.notBackTo());
        remember(wish.dedupeKey(), entry, recorder);
        retained.add(entry);
        trim(turn.nowMillis());
        return new AppendResult.Appended(content.id(), Optional.of(entry.position(epoch)), false);
    }

    private @Nullable AppendResult known(String key, EventContent content, LogEffect.Recorder recorder) {
        First first = dedupe.find(key);
        if (first == null && !key.equals(content.id())) {
            first = dedupe.find(content.id());
        }
        if (first == null) {
            return null;
        }
        if (first.payloadHash() != content.payloadHash()) {
            return new AppendResult.Refused(new HubException(
                    ErrorCode.BAD_EVENT, "this id was used for another event; give every event an id of its own"));
        }
        // A copy is told again: a retry has to be as safe as the first try.
        recorder.add(entryAt(first.offset()), List.of(key, content.id()), first);
        Position position = new Position(epoch, first.term(), first.offset());
        return new AppendResult.Appended(first.id(), Optional.of(position), true);
    }

    private @Nullable HubException refusal(EventContent content) {
        if (content.json().length() > policy.maxBytes()) {
            return new HubException(
                    ErrorCode.TOO_LARGE, "the event is larger than all that its address keeps; send a smaller one");
        }
        if (!policy.risingVersions() || content.resourceVersion() < 0) {
            return null;
        }
        long current = versions.last(resource(content));
        if (content.resourceVersion() > current) {
            return null;
        }
        JsonObject details = new JsonObject().put("currentVersion", current);
        content.resourceId().ifPresent(id -> details.put("resourceId", id));
        return new HubException(
                ErrorCode.STALE_VERSION,
                "the resource is at version " + current + "; read it again and send a higher version",
                details);
    }

    /** An event that names no resource is about the address itself. */
    private static String resource(EventContent content) {
        return content.resourceId().orElse("");
    }

    private Optional<LogEntry> entryAt(long offset) {
        List<LogEntry> entries = retained.oldestFirst();
        for (int i = entries.size() - 1; i >= 0 && entries.get(i).offset() >= offset; i--) {
            if (entries.get(i).offset() == offset) {
                return Optional.of(entries.get(i));
            }
        }
        return Optional.empty();
    }

    private void remember(String key, LogEntry entry, LogEffect.Recorder recorder) {
        EventContent content = entry.content();
        First first =
                new First(content.id(), entry.term(), entry.offset(), content.payloadHash(), entry.arrivedAtMillis());
        List<String> keys = key.equals(content.id()) ? List.of(key) : List.of(content.id(), key);
        keys.forEach(known -> dedupe.add(known, first));
        recorder.add(Optional.of(entry), keys, first);
        rememberVersion(entry);
    }

    private void rememberVersion(LogEntry entry) {
        EventContent content = entry.content();
        if (content.resourceVersion() >= 0) {
            versions.put(resource(content), content.resourceVersion(), entry.offset());
        }
    }

    /** Tells what was done since the log was at {@code before}. */
    LogEffect effect(Position before, LogEffect.Recorder recorder, long nowMillis) {
        oldestTold = oldestRetained();
        return new LogEffect(
                epoch,
                before.term(),
                before.offset(),
                terms.copy(),
                oldestRetained(),
                policy,
                nowMillis,
                recorder.kept());
    }

    /** Tells whether events went since copies were told the last time. */
    boolean hasDroppedUntold() {
        return oldestRetained() > oldestTold;
    }

    /**
     * Applies an effect to a copy.
     *
     * @param copy the copy as it is; null when there is none yet
     * @return the copy as it is to be from now on, the same object if it is of the same epoch
     */
    static ReplayLog apply(@Nullable ReplayLog copy, Address address, LogEffect effect) {
        ReplayLog log = copy != null && copy.epoch.equals(effect.epoch())
                ? copy
                : new ReplayLog(address, effect.epoch(), effect.terms().copy(), effect.policy());
        log.apply(effect);
        return log;
    }

    private void apply(LogEffect effect) {
        boolean fits = top == effect.topBefore() && terms.current().equals(effect.termBefore());
        if (!fits) {
            // What is believed of events that the original does not have must not outlive them.
            long agreed = terms.agreed(top, effect.terms(), effect.topBefore());
            dedupe.forgetAbove(agreed);
            versions.forgetAbove(agreed);
        }
        terms.become(effect.terms());
        use(effect.policy(), effect.nowMillis());
        for (LogEffect.Kept kept : effect.kept()) {
            for (String key : kept.keys()) {
                if (dedupe.find(key) == null) {
                    dedupe.add(key, kept.first());
                }
            }
        }
        if (fits && effect.entries().stream().allMatch(this::isNextOrKnown)) {
            effect.entries().stream().filter(entry -> entry.offset() > top).forEach(retained::add);
        } else {
            retained = KnownEntries.of(retained.oldestFirst(), effect).in(retainedFor(policy.kind()));
        }
        top = effect.top();
        effect.entries().forEach(this::rememberVersion);
        trim(effect.nowMillis());
        while (retained.count() > 0 && oldestRetained() < effect.oldest()) {
            retained.removeOldest();
        }
    }

    private boolean isNextOrKnown(LogEntry told) {
        return told.offset() > top || entryAt(told.offset()).isPresent();
    }

    /** Writes everything, for another node. */
    void write(WireWriter out) {
        ReplayShapes.address(out, address);
        out.text(epoch);
        terms.write(out);
        ReplayShapes.policy(out, policy);
        out.number(top);
        out.number(lastUsedMillis);
        dedupe.write(out);
        versions.write(out);
        out.list(retained.oldestFirst(), (to, entry) -> entry.write(to));
    }

    /** Reads what {@link #write} wrote. */
    static ReplayLog read(WireReader in) {
        ReplayLog log = new ReplayLog(ReplayShapes.address(in), in.text(), Terms.read(in), ReplayShapes.policy(in));
        log.top = in.number();
        log.lastUsedMillis = in.number();
        log.dedupe.read(in);
        log.versions.read(in);
        in.list(LogEntry::read).forEach(log.retained::add);
        return log;
    }

    /** Answers an attach: the head and, for {@code latest}, the current values. */
    public Attached attached(LogPolicy policy, long nowMillis) {
        use(policy, nowMillis);
        if (policy.kind() != DeliveryKind.LATEST) {
            return new Attached(head(), List.of());
        }
        List<EventFrame> current = new ArrayList<>(retained.count());
        for (LogEntry entry : retained.oldestFirst()) {
            current.add(entry.frame(address, epoch));
        }
        return new Attached(head(), current);
    }

    /** Reads events; see {@link Replay#read}. */
    public ReadResult read(LogPolicy policy, ReadFrom from, ReadLimits limits, long nowMillis) {
        use(policy, nowMillis);
        LogReader reader = new LogReader(address, epoch, retained.oldestFirst(), head(), limits);
        if (from instanceof ReadFrom.After after) {
            return readAfter(after.position(), reader);
        }
        if (from instanceof ReadFrom.Recent recent) {
            return reader.recent(recent.count());
        }
        if (from instanceof ReadFrom.Search search) {
            return reader.search(new TextSearch(search.text()));
        }
        return reader.after(0);
    }

    private ReadResult readAfter(Position position, LogReader reader) {
        boolean latest = policy.kind() == DeliveryKind.LATEST;
        boolean sameEpoch = position.epoch().equals(epoch);
        if (!sameEpoch || !terms.contains(position.term(), position.offset(), top)) {
            return latest
                    ? reader.after(0)
                    : new ReadResult.Lost(sameEpoch ? ReadResult.Reason.DIVERGED : ReadResult.Reason.EPOCH, head());
        }
        if (!latest && position.offset() + 1 < oldestRetained()) {
            return new ReadResult.Lost(ReadResult.Reason.RETENTION, head());
        }
        return reader.after(position.offset());
    }

    /** Drops what is too old by now; part of every other operation too. */
    public void trim(long nowMillis) {
        retained.trim(policy, nowMillis);
        long oldest = oldestRetained();
        dedupe.forget(oldest, policy.maxEvents(), nowMillis);
        versions.forget(oldest, retained.count());
    }

    /**
     * Makes room for other logs: drops about an eighth of the events, or of the keys and versions beyond them where
     * those take more.
     *
     * <p>Epoch, terms and offsets stay, so that who missed the events is told {@code POSITION_LOST} with
     * {@code retention}.
     */
    public void shed() {
        long oldest = oldestRetained();
        long remembered = dedupe.bytes() + versions.bytes();
        if (remembered > eventBytes()) {
            dedupe.shed(oldest, dedupe.size() / SHED_FRACTION + 1);
            versions.shed(oldest, versions.size() / SHED_FRACTION + 1);
            if (dedupe.bytes() + versions.bytes() < remembered) {
                return;
            }
        }
        for (int left = retained.count() / SHED_FRACTION + 1; left > 0; left--) {
            retained.removeOldest();
        }
    }

    private void use(LogPolicy now, long nowMillis) {
        lastUsedMillis = Math.max(lastUsedMillis, nowMillis);
        if (now.kind() != policy.kind()) {
            changeKind(now.kind());
        }
        policy = now;
        trim(nowMillis);
    }

    private void changeKind(DeliveryKind kind) {
        Retained changed = retainedFor(kind);
        if (kind == DeliveryKind.LATEST) {
            retained.oldestFirst().forEach(changed::add);
        }
        retained = changed;
    }

    private long oldestRetained() {
        return retained.oldestOffset(top + 1);
    }

    private long eventBytes() {
        return retained.bytes() + (long) retained.count() * Retained.ENTRY_OVERHEAD_BYTES;
    }

    /** Returns the place of the last event; offset 0 before the first one. */
    public Position head() {
        return new Position(epoch, terms.current(), top);
    }

    /** Returns about how much memory the log takes, in bytes. */
    public long memoryBytes() {
        return EMPTY_LOG_BYTES + eventBytes() + dedupe.bytes() + versions.bytes();
    }

    /** Tells whether no event is retained. */
    public boolean isEmpty() {
        return retained.count() == 0;
    }

    /**
     * Tells whether the log may be dropped: nothing retained, and untouched for ten times its events' life (for once,
     * if there never was an event), at least for as long as keys are remembered.
     */
    public boolean isIdle(long nowMillis) {
        long life = Math.max(policy.maxAgeMillis(), DedupeWindow.MIN_MILLIS / 10);
        long wait = top == 0 ? life : life > Long.MAX_VALUE / 10 ? Long.MAX_VALUE : life * 10;
        return isEmpty() && nowMillis - lastUsedMillis > Math.max(wait, DedupeWindow.MIN_MILLIS);
    }

    /** Counts the log; walks over the retained events. */
    public LogInfo info() {
        Map<String, Integer> types = new HashMap<>();
        List<LogEntry> entries = retained.oldestFirst();
        for (LogEntry entry : entries) {
            entry.content().type().ifPresent(type -> types.merge(type, 1, Integer::sum));
        }
        Optional<Position> first = entries.isEmpty()
                ? Optional.empty()
                : Optional.of(entries.get(0).position(epoch));
        Optional<Position> last = top == 0 ? Optional.empty() : Optional.of(head());
        return new LogInfo(address, policy.kind(), retained.count(), retained.bytes(), first, last, types);
    }
}
