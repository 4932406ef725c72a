package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Asks the {@link ReplayVerticle} that owns an address.
 *
 * <p>Safe to use from any thread; the questions of one thread are answered in their order.
 */
public final class ReplayClient implements Replay {
    private final Bus bus;
    private final String owner;

    /**
     * Creates a client of one owner.
     *
     * @param node the node whose replay verticle owns every address
     */
    public ReplayClient(Bus bus, String node) {
        this.bus = bus;
        this.owner = ReplayInbox.of(node);
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events) {
        return events.isEmpty()
                ? Future.succeededFuture(List.of())
                : bus.ask(owner, new ReplayQuestion.AppendEvents(events));
    }

    @Override
    public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
        return bus.ask(owner, new ReplayQuestion.Attach(address, policy, inbox));
    }

    @Override
    public Future<Void> detach(Address address, String inbox) {
        return bus.ask(owner, new ReplayQuestion.Detach(address, inbox));
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
        return bus.ask(owner, new ReplayQuestion.Read(address, policy, from, new ReadLimits(maxEvents, maxBytes)));
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return bus.ask(owner, new ReplayQuestion.Info(address));
    }

    @Override
    public Future<List<LogInfo>> list(AddressFilter wanted, int limit) {
        return bus.ask(owner, new ReplayQuestion.ListLogs(wanted, limit));
    }
}
