package dev.hubbub.http;

import io.vertx.core.Future;

/** One call of the API, apart from everything that all calls have in common. */
@FunctionalInterface
interface ApiCall {

    /**
     * Does what was asked.
     *
     * @return the answer's JSON value; fails with a {@link dev.hubbub.protocol.HubException}, which may be thrown too
     */
    Future<?> answer(ApiRequest request);
}
