package dev.hubbub.messaging;

import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import dev.hubbub.trace.EventEntry;
import dev.hubbub.trace.EventJudge;
import dev.hubbub.trace.Finding;
import dev.hubbub.trace.SessionEntry;
import dev.hubbub.trace.SessionEntry.What;
import dev.hubbub.trace.TraceLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers what one event loop knows of an event, of who should have got it, and of what it decided lately.
 *
 * <p>Confined to its loop. Looks at the loop's record once for each question; answers are bounded by the asked limit.
 */
final class LoopTrace {
    private static final int MOST_ENTRIES = 1_000;

    private final TraceLog trace;
    private final LoopSubscriber subscriber;
    private final LoopConnections connections;
    private final Supplier<PermissionRules> rules;

    LoopTrace(TraceLog trace, LoopSubscriber subscriber, LoopConnections connections, Supplier<PermissionRules> rules) {
        this.trace = trace;
        this.subscriber = subscriber;
        this.connections = connections;
        this.rules = rules;
    }

    /** Answers a question; see {@link NodeTraces}. */
    JsonObject answer(JsonObject asked) {
        JsonObject answer = new JsonObject().put("completeSince", trace.completeSince());
        return switch (asked.getString("about")) {
            case "event" -> answer.put("events", eventsOf(asked.getString("id")));
            case "recipients" -> recipients(answer, asked);
            default -> answer.mergeIn(new RecentDecisions(trace, subscriber).answer(asked));
        };
    }

    private JsonArray eventsOf(String id) {
        JsonArray events = new JsonArray();
        trace.find(id, entry -> {
            if (events.size() < MOST_ENTRIES) {
                events.add(json(entry));
            }
        });
        return events;
    }

    private static JsonObject json(EventEntry entry) {
        JsonObject json = new JsonObject()
                .put("what", entry.what().name())
                .put("at", entry.atMillis())
                .put("address", entry.address().value())
                .put("took", entry.took())
                .put("missed", entry.missed());
        entry.position().ifPresent(position -> json.put("position", position.toString()));
        entry.by().ifPresent(by -> json.put("by", by));
        entry.publication()
                .ifPresent(made ->
                        json.put("by", made.by()).put("type", made.type()).put("key", made.key()));
        return json;
    }

    private JsonObject recipients(JsonObject answer, JsonObject asked) {
        String id = asked.getString("id");
        Address address = new Address(asked.getString("address"));
        Optional<Position> position =
                Optional.ofNullable(asked.getString("position")).flatMap(Position::parse);
        Optional<String> user = Optional.ofNullable(asked.getString("user"));
        List<EventEntry> entries = new ArrayList<>();
        trace.find(id, entry -> {
            if (entries.size() < MOST_ENTRIES && entry.address().equals(address)) {
                entries.add(entry);
            }
        });
        Search search = new Search(new EventJudge(id, position, entries), address, user, asked.getInteger("limit"));
        search.lookBack();
        search.lookAtMembers();
        JsonArray findings = new JsonArray();
        search.findings.values().forEach(found -> findings.add(found.json()));
        answer.put("findings", findings).put("more", search.more);
        user.ifPresent(
                name -> answer.put("connections", connectionsOf(name)).put("decisions", decisions(name, address)));
        return answer;
    }

    private JsonArray connectionsOf(String user) {
        JsonArray all = new JsonArray();
        connections
                .entriesOf(user)
                .forEach(open -> all.add(new JsonObject()
                        .put("connection", open.id().value())
                        .put("transport", open.transport())
                        .put("since", open.sinceMillis())));
        trace.newestSessions(entry -> {
            if (entry.what() == What.DISCONNECTED && entry.user().equals(user)) {
                all.add(new JsonObject()
                        .put("connection", entry.connection())
                        .put("since", entry.stretch().map(s -> s.sinceMillis()).orElse(0L))
                        .put("until", entry.atMillis())
                        .put("why", entry.detail()));
            }
            return all.size() < MOST_ENTRIES;
        });
        return all;
    }

    /** What the rules say now, for the user's open connections. */
    private JsonArray decisions(String user, Address address) {
        JsonArray all = new JsonArray();
        connections
                .callersOf(user)
                .forEach(caller -> all.add(Evidence.words(rules.get().decide(caller, Action.SUBSCRIBE, address))));
        return all;
    }

    /** Looks for who got an event and who did not, one finding for each connection. */
    private final class Search {
        final Map<String, Finding> findings = new LinkedHashMap<>();
        private final EventJudge judge;
        private final Address address;
        private final Optional<String> user;
        private final int limit;
        boolean more;

        Search(EventJudge judge, Address address, Optional<String> user, int limit) {
            this.judge = judge;
            this.address = address;
            this.user = user;
            this.limit = limit;
        }

        /** First what is particular, so that a page shows it before the many who simply got the event. */
        void lookBack() {
            trace.newestSessions(entry -> {
                if (entry.address().filter(address::equals).isPresent() && isWanted(entry.user())) {
                    judge(entry).ifPresent(this::add);
                }
                return !more;
            });
        }

        private boolean isWanted(String name) {
            return user.isEmpty() || user.get().equals(name);
        }

        private Optional<Finding> judge(SessionEntry entry) {
            String connection = entry.connection();
            return switch (entry.what()) {
                case DENIED, REVOKED ->
                    Optional.of(new Finding(
                            "denied",
                            entry.user(),
                            connection,
                            entry.atMillis(),
                            entry.what() == What.DENIED
                                    ? "asked to subscribe and was refused"
                                    : "was subscribed until the right was taken away",
                            new JsonObject(entry.detail())));
                case LIVE -> entry.stretch().flatMap(s -> judge.live(s, entry.user(), connection));
                case CAUGHT_UP ->
                    entry.stretch().flatMap(s -> judge.caughtUp(s, entry.user(), connection, entry.atMillis()));
                case DROPPED ->
                    entry.stretch().flatMap(s -> judge.dropped(s, entry.user(), connection, entry.detail()));
                case LOST -> entry.stretch().flatMap(s -> judge.lost(entry, s));
                case CUT_OFF ->
                    entry.stretch()
                            .flatMap(s -> judge.caughtUp(s, entry.user(), connection, entry.atMillis())
                                    .or(() -> judge.cutOff(entry, s)));
                case SUBSCRIBED, PUBLISH_REFUSED, DISCONNECTED -> Optional.empty();
            };
        }

        void lookAtMembers() {
            Predicate<Recipient> wanted =
                    recipient -> isWanted(recipient.caller().name());
            subscriber.feed(address).ifPresent(feed -> {
                for (Subscription member : feed.members()) {
                    if (more) {
                        return;
                    }
                    if (wanted.test(member.recipient)) {
                        judge(feed, member).ifPresent(this::add);
                    }
                }
            });
        }

        private Optional<Finding> judge(Feed feed, Subscription member) {
            String name = member.recipient.caller().name();
            String connection = member.recipient.connection().value();
            Ledger ledger = feed.ledger();
            if (member.dropping) {
                Optional<Finding> dropped =
                        judge.dropped(ledger.droppedStretch(member), name, connection, "the client does not read");
                if (dropped.isPresent()) {
                    return dropped;
                }
            }
            if (member.state == State.LIVE) {
                return judge.live(ledger.openStretch(member, feed.head()), name, connection);
            }
            var reached = ledger.openStretch(member, Optional.ofNullable(member.position));
            return judge.caughtUp(reached, name, connection, trace.millis())
                    .or(() -> judge.waits(reached, name, connection, feed.head()));
        }

        private void add(Finding found) {
            if (findings.size() >= limit && !findings.containsKey(found.connection())) {
                more = true;
                return;
            }
            Finding known = findings.get(found.connection());
            if (known == null || known.outcome().equals("denied") || isMoreParticular(found, known)) {
                findings.put(found.connection(), found);
            }
        }

        private boolean isMoreParticular(Finding found, Finding known) {
            return known.outcome().equals("delivered") && found.outcome().equals("dropped");
        }
    }
}
