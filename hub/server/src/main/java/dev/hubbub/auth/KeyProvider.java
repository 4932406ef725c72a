package dev.hubbub.auth;

import io.vertx.core.Future;

/** Where the verifier gets its keys; safe to call from any event loop. */
interface KeyProvider {

    /** Returns the keys to use now; waits for a fetch when they are old; never fails once there were keys. */
    Future<KeySet> current();

    /** Returns the keys after asking the source again for a key that is missing, if it may be asked again by now. */
    Future<KeySet> refreshed();

    /** Keys that never change. */
    record Fixed(KeySet keys) implements KeyProvider {
        @Override
        public Future<KeySet> current() {
            return Future.succeededFuture(keys);
        }

        @Override
        public Future<KeySet> refreshed() {
            return Future.succeededFuture(keys);
        }
    }
}
