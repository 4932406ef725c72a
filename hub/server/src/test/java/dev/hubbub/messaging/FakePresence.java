package dev.hubbub.messaging;

import dev.hubbub.presence.Presence;
import dev.hubbub.presence.PresencePolicy;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down what it is told; its rosters are what a test says. */
final class FakePresence implements Presence {
    final List<String> calls = new ArrayList<>();
    Future<Page> page = Future.succeededFuture(new Page(0, 0, "[]", false));

    @Override
    public void enter(Address address, PresencePolicy policy, ConnectionId connection, String user, String claims) {
        calls.add("enter " + address + " " + connection + " " + user + " " + claims);
    }

    @Override
    public void leave(Address address, ConnectionId connection) {
        calls.add("leave " + address + " " + connection);
    }

    @Override
    public Future<Void> setState(Address address, ConnectionId connection, Optional<String> json, long expiresMillis) {
        calls.add("state " + address + " " + connection + " " + json.orElse("-") + " " + expiresMillis);
        return Future.succeededFuture();
    }

    @Override
    public void watch(Address address, PresencePolicy policy, String inbox) {
        calls.add("watch " + address + " " + policy.graceMillis());
    }

    @Override
    public void unwatch(Address address, String inbox) {
        calls.add("unwatch " + address);
    }

    @Override
    public Future<Page> read(Address address, int limit, Optional<String> after) {
        calls.add("read " + address + " " + limit + " " + after.orElse("-"));
        return page;
    }
}
