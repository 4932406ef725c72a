package dev.hubbub.bus;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** A bus for tests of pieces that use a part of it: the rest fails. */
public abstract class PartialBus implements Bus {
    @Override
    public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
        throw new UnsupportedOperationException(inbox);
    }

    @Override
    public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
        throw new UnsupportedOperationException(inbox);
    }

    @Override
    public void tell(Reach reach, String inbox, Object message) {
        throw new UnsupportedOperationException(inbox);
    }

    @Override
    public <A> Future<A> ask(Reach reach, String inbox, Object question) {
        throw new UnsupportedOperationException(inbox);
    }
}
