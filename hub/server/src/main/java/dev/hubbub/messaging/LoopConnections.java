package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.auth.Revocations;
import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.messaging.AdmissionVerticle.Question;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one event loop, and this loop's copy of what was revoked; confined to the loop. */
final class LoopConnections implements Connections {
    private static final Logger log = LoggerFactory.getLogger(LoopConnections.class);
    /** A client with less to read is not what fills the memory. */
    private static final long SLOW_BYTES = 64 * 1024;

    private final Bus bus;
    private final Loops loops;
    private final String node;
    private final Clock clock;
    private final NodeMemory memory;
    private final ConnectionMeters counted;
    private final Meters meters;
    private final Revocations revocations = new Revocations(Revocations.DEFAULT_MOST, Revocations.DEFAULT_KEEP);
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final EventLoop loop;
    private final Predicate<Recipient> wantsNotice;
    private Optional<Departure> goodbye = Optional.empty();
    private long countedUnsent;

    /**
     * Creates the connections of a loop.
     *
     * @param wantsNotice who has asked for notices
     */
    LoopConnections(MessagingLoop.World world, EventLoop loop, Meters meters, Predicate<Recipient> wantsNotice) {
        this.counted = world.connections();
        this.meters = meters;
        this.bus = world.bus();
        this.loops = world.loops();
        this.node = world.node();
        this.clock = world.clock();
        this.memory = world.memory();
        this.loop = loop;
        this.wantsNotice = wantsNotice;
    }

    @Override
    public Future<Void> open(Connection connection) {
        try {
            memory.requireRoom();
        } catch (HubException full) {
            meters.refused(full.code());
            return Future.failedFuture(full);
        }
        String id = connection.connection().value();
        String ip = connection.caller().connection().ip();
        Open opened = new Open(connection, clock.millis());
        open.put(id, opened);
        return ask(new Question.Open(id, ip))
                .onFailure(refusal -> {
                    count(refusal);
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

    private void countIn(String id, Open opened) {
        if (open.get(id) == opened) {
            opened.counted = true;
            counted.opened(opened.connection.transport());
        }
    }

    private void count(Throwable refusal) {
        if (refusal instanceof HubException known) {
            meters.refused(known.code());
        }
    }

    @Override
    public void refused(ErrorCode code) {
        meters.refused(code);
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
        for (Open held : open.values()) {
            unsent += held.connection.unsentBytes();
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
                .map(held -> held.connection)
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
        if (revocations.isRevoked(identity, clock.millis())) {
            return Future.failedFuture(revoked());
        }
        String id = connection.connection().value();
        return identity.subject()
                .map(user -> ask(new Question.Identified(id, user)).onFailure(this::count))
                .orElse(Future.succeededFuture())
                // Again: the connection did not speak for the token yet, if it was revoked meanwhile.
                .compose(counted -> revocations.isRevoked(identity, clock.millis())
                        ? Future.failedFuture(revoked())
                        : Future.succeededFuture());
    }

    @Override
    public void closed(Connection connection) {
        String id = connection.connection().value();
        Open held = open.remove(id);
        if (held != null) {
            if (held.counted) {
                counted.closed(connection.transport(), connection.ending(), clock.millis() - held.sinceMillis);
            }
            ask(new Question.Closed(id))
                    .onFailure(failure ->
                            log.warn("counting out failed connection={} reason={}", id, failure.getMessage()));
        }
    }

    private Future<Void> ask(Question question) {
        return bus.<Boolean>ask(AdmissionVerticle.inbox(node), question).mapEmpty();
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
        if (revocations.isRevoked(identity, clock.millis())) {
            throw revoked();
        }
    }

    /** Lists this loop's connections of a user. */
    List<Entry> entriesOf(String user) {
        List<Entry> entries = new ArrayList<>();
        open.forEach((id, held) -> {
            Connection connection = held.connection;
            if (isOf(connection, user)) {
                String ip = connection.caller().connection().ip();
                entries.add(
                        new Entry(connection.connection(), user, ip, connection.transport(), held.sinceMillis, node));
            }
        });
        return entries;
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
            revocations.revokeToken(token.jti(), question.nowMillis());
        } else if (question.revocation() instanceof Revocation.User user) {
            revocations.revokeSubject(user.sub(), user.beforeMillis(), question.nowMillis());
        }
        Predicate<Connection> hit =
                connection -> revocations.isRevoked(connection.caller().identity(), question.nowMillis());
        return close(hit, CloseCode.UNAUTHENTICATED, "this token was revoked; log in again");
    }

    /** Sends this loop's connections away, and from now on everyone who comes. */
    int sendAway(LoopQuestion.SendAway question) {
        goodbye.ifPresent(Departure::stop);
        List<Connection> all =
                open.values().stream().map(held -> held.connection).toList();
        Departure departure = new Departure(loop, question, all, wantsNotice);
        goodbye = Optional.of(departure);
        departure.start();
        return all.size();
    }

    private int close(Predicate<Connection> wanted, CloseCode code, String reason) {
        List<Connection> hit = open.values().stream()
                .map(held -> held.connection)
                .filter(wanted)
                .toList();
        hit.forEach(connection -> connection.close(code, reason));
        return hit.size();
    }

    /** A connection of this loop. */
    private static final class Open {
        private final Connection connection;
        private final long sinceMillis;
        /** Whether it has been let in. */
        private boolean counted;

        Open(Connection connection, long sinceMillis) {
            this.connection = connection;
            this.sinceMillis = sinceMillis;
        }
    }
}
