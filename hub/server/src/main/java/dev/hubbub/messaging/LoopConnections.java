package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.AdmissionVerticle.Question;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one event loop; confined to the loop. */
final class LoopConnections implements Connections {
    private static final Logger log = LoggerFactory.getLogger(LoopConnections.class);
    /** A client with less to read is not what fills the memory. */
    private static final long SLOW_BYTES = 64 * 1024;

    private static final int MOST_CALLERS = 5;

    private final Bus bus;
    private final Loops loops;
    private final String node;
    private final Clock clock;
    private final NodeMemory memory;
    private final Supplier<LimitsConfig> limits;
    private final Doorkeeper door;
    private final Refusals refusals;
    private final ConnectionMeters counted;
    /** By name, which is the order in which they came. */
    private final NavigableMap<String, OpenConnection> open = new TreeMap<>();

    private final EventLoop loop;
    private final Predicate<Recipient> wantsNotice;
    private final Evidence evidence;
    private Optional<Departure> goodbye = Optional.empty();
    private long countedUnsent;

    /**
     * Creates the connections of a loop.
     *
     * @param wantsNotice who has asked for notices
     * @param evidence where the end of a connection is noted
     */
    LoopConnections(MessagingLoop.World world, EventLoop loop, Predicate<Recipient> wantsNotice, Evidence evidence) {
        this.counted = world.connections();
        this.bus = world.bus();
        this.loops = world.loops();
        this.node = world.node();
        this.clock = world.clock();
        this.memory = world.memory();
        this.limits = world.limits();
        this.door = world.doorkeeper();
        this.refusals = new Refusals(world.registry(), clock);
        this.loop = loop;
        this.wantsNotice = wantsNotice;
        this.evidence = evidence;
    }

    @Override
    public Future<Void> open(Connection connection) {
        try {
            memory.requireRoom();
        } catch (HubException full) {
            return Future.failedFuture(full);
        }
        String id = connection.connection().value();
        String ip = connection.caller().connection().ip();
        OpenConnection opened = new OpenConnection(connection, clock.millis());
        open.put(id, opened);
        return ask(new Question.Open(id, ip))
                .onFailure(refusal -> {
                    if (refusal instanceof HubException known && wasNotCounted(known)) {
                        open.remove(id);
                    } else {
                        closed(connection); // it may have been counted after all, too late for the answer
                    }
                })
                .onSuccess(admitted -> {
                    countIn(id, opened);
                    goodbye.ifPresent(departure -> departure.tooLate(connection));
                });
    }

    private void countIn(String id, OpenConnection opened) {
        if (open.get(id) == opened) {
            opened.letIn();
            counted.opened(opened.connection().transport());
        }
    }

    @Override
    public boolean isDraining() {
        return goodbye.isPresent();
    }

    private static boolean wasNotCounted(HubException refusal) {
        return refusal.code() == ErrorCode.LIMIT_REACHED || refusal.code() == ErrorCode.RATE_LIMITED;
    }

    /** Counts what this loop's clients have not read; while it is too much, closes those with most of it. */
    void lookAtMemory() {
        long unsent = 0;
        for (OpenConnection held : open.values()) {
            unsent += held.connection().unsentBytes();
        }
        memory.add(NodeMemory.Use.UNSENT, unsent - countedUnsent);
        countedUnsent = unsent;
        long excess = memory.excess();
        if (excess > 0 && unsent > 0) {
            double share = (double) unsent / Math.max(unsent, memory.held(NodeMemory.Use.UNSENT));
            closeSlowest((long) Math.ceil(excess * share));
        }
    }

    private void closeSlowest(long wantedBytes) {
        List<Connection> slowest = open.values().stream()
                .map(OpenConnection::connection)
                .filter(connection -> connection.unsentBytes() > SLOW_BYTES)
                .sorted(Comparator.comparingLong(Connection::unsentBytes).reversed())
                .toList();
        long freed = 0;
        int closed = 0;
        for (Connection connection : slowest) {
            if (freed >= wantedBytes) {
                break;
            }
            freed += connection.unsentBytes();
            closed++;
            connection.close(CloseCode.TOO_SLOW, "the node is short of memory and this client does not read");
        }
        if (closed > 0) {
            log.warn("slow clients closed for their memory clients={} bytes={}", closed, freed);
        }
    }

    @Override
    public Future<Void> identified(Connection connection, Identity identity) {
        if (isRevoked(identity)) {
            return Future.failedFuture(revoked());
        }
        String id = connection.connection().value();
        return identity.subject()
                .map(user -> bus.<Integer>ask(AdmissionVerticle.inbox(node), new Question.Identified(id, user))
                        .compose(here -> requireFew(user, here)))
                .orElse(Future.succeededFuture())
                // Again: the connection did not speak for the token yet, if it was revoked meanwhile.
                .compose(counted -> isRevoked(identity) ? Future.failedFuture(revoked()) : Future.succeededFuture());
    }

    /**
     * Each node counts a connection in before it asks the others, so that two at once never both pass the limit; it may
     * be that neither does.
     *
     * @param here how many this node has; 0 when this one was counted for the user before
     */
    private Future<Void> requireFew(String user, int here) {
        return here == 0
                ? Future.succeededFuture()
                : door.connectionsElsewhere(user).compose(elsewhere -> {
                    int most = limits.get().connectionsPerUser();
                    return here + elsewhere <= most
                            ? Future.succeededFuture()
                            : Future.failedFuture(new HubException(
                                    ErrorCode.LIMIT_REACHED,
                                    "you have your " + most + " connections; close one first"));
                });
    }

    private boolean isRevoked(Identity identity) {
        return door.revocations().isRevoked(identity, clock.millis());
    }

    @Override
    public void closed(Connection connection) {
        String id = connection.connection().value();
        OpenConnection held = open.remove(id);
        if (held != null) {
            String user = connection.caller().name();
            evidence.disconnected(connection.connection(), user, held.sinceMillis(), connection.goodbye());
            if (held.isIn()) {
                counted.closed(connection.transport(), connection.ending(), clock.millis() - held.sinceMillis());
            }
            ask(new Question.Closed(id))
                    .onFailure(failure ->
                            log.warn("counting out failed connection={} reason={}", id, failure.getMessage()));
        }
    }

    private Future<Void> ask(Question question) {
        return bus.<Integer>ask(AdmissionVerticle.inbox(node), question).mapEmpty();
    }

    @Override
    public Future<List<Entry>> of(Caller caller, String user) {
        boolean self = caller instanceof Caller.User who
                && who.identity().subject().filter(user::equals).isPresent();
        if (!self && !isAdmin(caller)) {
            return Future.failedFuture(adminsOnly());
        }
        return loops.<LoopQuestion.Entries>lookEverywhere(new LoopQuestion.ListUser(user))
                .map(answers -> {
                    List<Entry> all = new ArrayList<>();
                    answers.forEach(answer -> all.addAll(answer.all()));
                    return all;
                });
    }

    @Override
    public Future<Integer> disconnect(Caller caller, String user) {
        return isAdmin(caller)
                ? closeAll(new LoopQuestion.CloseUser(user, CloseCode.FORBIDDEN, "disconnected by an operator"))
                : Future.failedFuture(adminsOnly());
    }

    @Override
    public Future<Integer> revoke(Caller caller, Revocation revocation) {
        return isAdmin(caller)
                ? closeAll(new LoopQuestion.Revoke(revocation, clock.millis()))
                : Future.failedFuture(adminsOnly());
    }

    private Future<Integer> closeAll(LoopQuestion question) {
        return loops.<LoopQuestion.Closed>askEverywhere(question)
                .map(answers -> answers.stream()
                        .mapToInt(LoopQuestion.Closed::connections)
                        .sum());
    }

    private static boolean isAdmin(Caller caller) {
        return caller instanceof Caller.Operator
                || (caller instanceof Caller.Service service && service.key().admin());
    }

    private static HubException adminsOnly() {
        return new HubException(ErrorCode.ACCESS_DENIED, "this needs an API key with admin rights");
    }

    private static HubException revoked() {
        return new HubException(ErrorCode.NOT_LOGGED_IN, "this token was revoked; log in again");
    }

    @Override
    public void requireNotRevoked(Identity identity) {
        if (isRevoked(identity)) {
            throw revoked();
        }
    }

    @Override
    public void requirePatience(Caller.ConnectionInfo from) {
        requireRate(door.requests().waitMillis(failuresOf(from.ip())), "too many bad tokens or keys came from here");
    }

    @Override
    public void countRequest(Caller.User user) {
        String key = user.identity()
                .subject()
                .map(subject -> "user " + subject)
                .orElseGet(() ->
                        "address " + AdmissionVerticle.network(user.connection().ip()));
        requireRate(door.requests().take(key, limits.get().node().requests()), "more requests than the limit allows");
    }

    private static void requireRate(long waitMillis, String message) {
        if (waitMillis > 0) {
            throw new HubException(
                    ErrorCode.RATE_LIMITED, message, new JsonObject().put("retryAfterMillis", waitMillis));
        }
    }

    private static String failuresOf(String ip) {
        return "failures " + AdmissionVerticle.network(ip);
    }

    @Override
    public void refused(Caller.User caller, HubException why) {
        refusals.refused(caller, why);
        if (why.code() == ErrorCode.NOT_LOGGED_IN) {
            var unused = door.requests()
                    .take(
                            failuresOf(caller.connection().ip()),
                            limits.get().node().requests()); // looked at later
        }
    }

    @Override
    public void cut(Connection connection, CloseCode code) {
        refusals.cut(connection, code);
    }

    /** Lists this loop's connections of a user. */
    List<Entry> entriesOf(String user) {
        List<Entry> entries = new ArrayList<>();
        open.forEach((id, held) -> {
            if (isOf(held.connection(), user)) {
                entries.add(entry(held));
            }
        });
        return entries;
    }

    /** Returns this loop's connections, the last that came first; a view. */
    NavigableMap<String, OpenConnection> newestFirst() {
        return open.descendingMap();
    }

    /** Tells of one of this loop's connections what everybody may be told. */
    Entry entry(OpenConnection held) {
        Connection connection = held.connection();
        return new Entry(
                connection.connection(),
                connection.caller().name(),
                connection.caller().connection().ip(),
                connection.transport(),
                held.sinceMillis(),
                node);
    }

    /** Returns who a user's connections of this loop speak for; a few of them tell as much as all. */
    List<Caller> callersOf(String user) {
        return open.values().stream()
                .map(OpenConnection::connection)
                .filter(connection -> isOf(connection, user))
                .limit(MOST_CALLERS)
                .<Caller>map(Connection::caller)
                .toList();
    }

    /** Closes this loop's connections of a user. */
    int close(LoopQuestion.CloseUser question) {
        return close(connection -> isOf(connection, question.user()), question.code(), question.reason());
    }

    private static boolean isOf(Connection connection, String user) {
        return connection.caller().identity().subject().filter(user::equals).isPresent();
    }

    /** Remembers a revocation and closes the connections that it hits. */
    int revoke(LoopQuestion.Revoke question) {
        if (question.revocation() instanceof Revocation.Token token) {
            door.revocations().revokeToken(token.jti(), question.nowMillis());
        } else if (question.revocation() instanceof Revocation.User user) {
            door.revocations().revokeSubject(user.sub(), user.beforeMillis(), question.nowMillis());
        }
        return cutRevoked();
    }

    /** Closes this loop's connections whose token is revoked. */
    int cutRevoked() {
        return close(
                connection -> isRevoked(connection.caller().identity()),
                CloseCode.UNAUTHENTICATED,
                "this token was revoked; log in again");
    }

    /** Sends this loop's connections away, and from now on everyone who comes. */
    int sendAway(LoopQuestion.SendAway question) {
        goodbye.ifPresent(Departure::stop);
        List<Connection> all =
                open.values().stream().map(OpenConnection::connection).toList();
        Departure departure = new Departure(loop, question, all, wantsNotice);
        goodbye = Optional.of(departure);
        departure.start();
        return all.size();
    }

    private int close(Predicate<Connection> wanted, CloseCode code, String reason) {
        List<Connection> hit = open.values().stream()
                .map(OpenConnection::connection)
                .filter(wanted)
                .toList();
        hit.forEach(connection -> connection.close(code, reason));
        return hit.size();
    }
}
