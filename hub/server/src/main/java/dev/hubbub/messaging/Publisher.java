package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import io.vertx.core.Future;
import java.util.List;

/** Publishes: permission first, then the event's contract, then the log. */
public interface Publisher {

    /**
     * Publishes events, in the order given for each address.
     *
     * @return one outcome per command, in the same order; never fails for an expected reason
     */
    Future<List<Outcome>> publish(Caller caller, List<PublishCommand> commands);

    /** Publishes one event; fails with the refusal's {@link dev.hubbub.protocol.HubException}. */
    default Future<Outcome.Published> publish(Caller caller, PublishCommand command) {
        return publish(caller, List.of(command)).compose(outcomes -> {
            if (outcomes.get(0) instanceof Outcome.Refused refused) {
                return Future.failedFuture(refused.why());
            }
            return Future.succeededFuture((Outcome.Published) outcomes.get(0));
        });
    }
}
