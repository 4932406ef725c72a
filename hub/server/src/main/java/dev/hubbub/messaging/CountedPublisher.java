package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** Counts what was published, by address, on one event loop. */
final class CountedPublisher implements Publisher {
    private final Publisher publisher;
    private final PublishedAddresses published;
    private final Clock clock;

    CountedPublisher(Publisher publisher, PublishedAddresses published, Clock clock) {
        this.publisher = publisher;
        this.published = published;
        this.clock = clock;
    }

    @Override
    public Future<List<Outcome>> publish(Caller caller, List<PublishCommand> commands) {
        return publisher.publish(caller, commands).onSuccess(outcomes -> {
            long now = clock.millis();
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Outcome.Published told && !told.duplicate()) {
                    published.count(commands.get(i).address(), now);
                }
            }
        });
    }
}
