package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/** Calls the {@link PresenceVerticle} of this node, and owners for their rosters; confined to one event loop. */
public final class PresenceClient implements Presence {
    static final long PATIENCE_MILLIS = 3_000;
    private static final long RETRY_MILLIS = 100;

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final NodeAsks asks;

    /** Calls on behalf of a loop. */
    public PresenceClient(Bus bus, Ownership ownership, EventLoop loop) {
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.asks = new NodeAsks(bus, ownership.node());
        ownership.onChange(change -> asks.gone(change.gone()));
    }

    private void tell(LocalMessage message) {
        bus.tell(PresenceInbox.ofLoops(ownership.node()), message);
    }

    @Override
    public void enter(Address address, PresencePolicy policy, ConnectionId connection, String user, String claims) {
        tell(new LocalMessage.Enter(address, policy, connection.value(), user, claims));
    }

    @Override
    public void leave(Address address, ConnectionId connection) {
        tell(new LocalMessage.Leave(address, connection.value()));
    }

    @Override
    public Future<Void> setState(Address address, ConnectionId connection, Optional<String> json, long expiresMillis) {
        return bus.ask(
                PresenceInbox.ofLoops(ownership.node()),
                new LocalMessage.SetState(address, connection.value(), json, expiresMillis));
    }

    @Override
    public void watch(Address address, PresencePolicy policy, String inbox) {
        tell(new LocalMessage.Watch(address, policy, inbox));
    }

    @Override
    public void unwatch(Address address, String inbox) {
        tell(new LocalMessage.Unwatch(address, inbox));
    }

    @Override
    public Future<Page> read(Address address, int limit, Optional<String> after) {
        Promise<Page> answer = Promise.promise();
        read(new PresenceMessage.Read(address, limit, after), loop.clock().millis(), answer);
        return answer.future();
    }

    /** Asks the owner; one that cannot be reached, or is none any more, is looked up again for a while. */
    private void read(PresenceMessage.Read question, long sinceMillis, Promise<Page> answer) {
        asks.<PresenceAnswer.Page>ask(ownership.ownerOf(question.address()), question)
                .onComplete(done -> {
                    if (done.succeeded()) {
                        PresenceAnswer.Page page = done.result();
                        answer.complete(new Page(page.users(), page.devices(), page.roster(), page.more()));
                    } else if (isUnavailable(done.cause()) && loop.clock().millis() - sinceMillis < PATIENCE_MILLIS) {
                        loop.after(RETRY_MILLIS, () -> read(question, sinceMillis, answer));
                    } else {
                        answer.fail(done.cause());
                    }
                });
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof HubException known && known.code() == ErrorCode.UNAVAILABLE;
    }
}
