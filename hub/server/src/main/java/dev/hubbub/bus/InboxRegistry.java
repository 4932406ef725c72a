package dev.hubbub.bus;

import io.vertx.core.Future;

/**
 * Where the cluster looks up which node has an inbox open.
 *
 * <p>The cluster's own bookkeeping may fail, or forget, while nodes come and go; whoever implements this sees to it
 * that an inbox that is open stays known.
 */
public interface InboxRegistry {

    /** The registry of a hub that has no cluster: opening is all there is to it. */
    InboxRegistry ALONE = new InboxRegistry() {
        @Override
        public Future<Void> keep(String inbox, Future<Void> first) {
            return first;
        }

        @Override
        public void forget(String inbox) {
            // Nobody else ever knew of it.
        }
    };

    /**
     * Takes note of an inbox of reach {@link Bus.Reach#CLUSTER} that is being opened, and keeps it known from then on.
     *
     * @param first ends when the event bus has registered it, or could not
     * @return ends when the cluster knows the inbox; fails with the last reason when it could not be told for 20 s
     */
    Future<Void> keep(String inbox, Future<Void> first);

    /** Takes note that an inbox is closed. */
    void forget(String inbox);
}
