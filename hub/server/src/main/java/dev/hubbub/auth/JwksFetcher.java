package dev.hubbub.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.lang.ref.Reference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches one JWKS document: https only (http for this machine), no redirects, at most 64 KiB, within 5 s.
 *
 * <p>The client stays in a field: Vert.x closes clients that nothing refers to.
 */
final class JwksFetcher {
    static final int MAX_BYTES = 64 * 1024;

    private static final int DEADLINE_SECONDS = 5;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpClient client;
    private final RequestOptions request;

    /**
     * Creates a fetcher.
     *
     * @throws IllegalArgumentException when the URL may not be fetched
     */
    JwksFetcher(Vertx vertx, URI url) {
        String host = url.getHost();
        boolean plainButLocal = "http".equals(url.getScheme()) && host != null && LOOPBACK.contains(host);
        if (host == null || !("https".equals(url.getScheme()) || plainButLocal)) {
            throw new IllegalArgumentException("the JWKS URL must start with https://");
        }
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2_000).setVerifyHost(true));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .putHeader("Accept", "application/jwk-set+json, application/json");
    }

    /** Fetches and reads the document; fails with an {@link IllegalArgumentException} in plain words. */
    @SuppressWarnings("ReachabilityFenceUsage") // there is no block to put it into: the future's end is the end
    Future<KeySet> fetch() {
        return client.request(new RequestOptions(request))
                // Nested: on the response's own context the handlers are there before its first byte.
                .compose(opened -> opened.send().compose(JwksFetcher::body))
                .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .map(body -> KeySet.parseJwks(body.toString(StandardCharsets.UTF_8)))
                .recover(failure -> Future.failedFuture(
                        new IllegalArgumentException("the JWKS document cannot be used: " + reason(failure), failure)))
                // Vert.x closes a client that nobody refers to any more, even under a request: hold it until the end.
                .onComplete(done -> Reference.reachabilityFence(client));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer from its URL within " + DEADLINE_SECONDS + " s";
        }
        return failure instanceof IllegalArgumentException
                ? String.valueOf(failure.getMessage())
                : "its URL cannot be read (" + failure.getMessage() + ")";
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        Promise<Buffer> done = Promise.promise();
        response.exceptionHandler(done::tryFail);
        response.endHandler(end -> done.tryComplete(body));
        if (response.statusCode() != 200) {
            abort(response, done, "the answer was status " + response.statusCode() + ", expected 200");
            return done.future();
        }
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                abort(response, done, "it is larger than " + MAX_BYTES + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        return done.future();
    }

    /** Fails first and resets then: the reset is reported as a failure too, and the first one counts. */
    private static void abort(HttpClientResponse response, Promise<Buffer> done, String reason) {
        done.tryFail(new IllegalArgumentException(reason));
        response.request().reset().onFailure(done::tryFail);
    }
}
