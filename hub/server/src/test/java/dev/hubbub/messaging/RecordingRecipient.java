package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection that writes down what it is told, and is slow when the test says so. */
class RecordingRecipient implements Recipient {
    final List<EventFrame> events = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    final List<ServerFrame> rosters = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<HubException> refusals = new ArrayList<>();
    boolean slow;
    boolean breaks;
    Caller.User caller = user("alice");

    static Caller.User user(String name) {
        Identity identity = new Identity(Optional.of(name), Map.of("sub", name), Optional.empty(), 0, Long.MAX_VALUE);
        return new Caller.User(identity, new Caller.ConnectionInfo("127.0.0.1", ""));
    }

    @Override
    public ConnectionId connection() {
        return new ConnectionId("c1");
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean deliver(EventBatch batch) {
        if (breaks) {
            throw new IllegalStateException("broken");
        }
        if (slow) {
            return false;
        }
        events.addAll(batch.events());
        batches.add(batch.events().size());
        return true;
    }

    @Override
    public boolean deliver(ServerFrame presence) {
        if (!slow) {
            rosters.add(presence);
        }
        return !slow;
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    @Override
    public void refuse(Address address, HubException why) {
        refusals.add(why);
    }

    List<Long> offsets() {
        return events.stream()
                .map(event -> event.position().orElseThrow().offset())
                .toList();
    }
}
