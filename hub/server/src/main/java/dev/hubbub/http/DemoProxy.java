package dev.hubbub.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * In development: leads {@code /demo} to the demos' back end, which listens on a port of loopback of its own.
 *
 * <p>A small reverse proxy: bodies are streamed both ways, headers about one connection stay on it. A back end that is
 * not there yet is told as 503. At most {@value #CONNECTIONS} requests of one event loop are under way; more wait.
 */
final class DemoProxy {
    private static final int CONNECTIONS = 16;
    /** Of one connection, and not of the message: RFC 9110, 7.6.1. */
    private static final List<String> OF_THE_CONNECTION = List.of(
            "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host");

    private final HttpClient client;
    private final IntSupplier port;

    DemoProxy(Vertx vertx, IntSupplier port) {
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setDefaultHost("127.0.0.1").setConnectTimeout(2_000))
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                .build();
        this.port = port;
    }

    void mount(Router router) {
        router.route("/demo/*").handler(this::forward);
    }

    private void forward(RoutingContext ctx) {
        int there = port.getAsInt();
        if (there == 0) {
            unavailable(ctx, "The demos are starting; try again in a second.");
            return;
        }
        HttpServerRequest request = ctx.request().pause();
        client.request(new RequestOptions()
                        .setPort(there)
                        .setMethod(request.method())
                        .setURI(request.uri()))
                .compose(outgoing -> send(request, outgoing))
                .compose(answer -> answer(ctx.response(), answer))
                .onFailure(broken -> {
                    if (ctx.response().headWritten()) {
                        ctx.fail(502, broken);
                    } else {
                        unavailable(ctx, "The demos' back end does not answer: " + broken.getMessage());
                    }
                });
    }

    private static Future<HttpClientResponse> send(HttpServerRequest request, HttpClientRequest outgoing) {
        request.headers().forEach((name, value) -> {
            if (isOfTheMessage(name)) {
                outgoing.putHeader(name, value);
            }
        });
        if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            return outgoing.setChunked(true).send(request);
        }
        if (request.getHeader(HttpHeaders.CONTENT_LENGTH) != null) {
            return outgoing.send(request);
        }
        request.resume();
        return outgoing.send();
    }

    private static Future<Void> answer(HttpServerResponse response, HttpClientResponse answer) {
        response.setStatusCode(answer.statusCode());
        answer.headers().forEach((name, value) -> {
            if (isOfTheMessage(name)) {
                response.putHeader(name, value);
            }
        });
        if (answer.getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
            response.setChunked(true);
        }
        return answer.pipeTo(response);
    }

    private static boolean isOfTheMessage(String header) {
        return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    private static void unavailable(RoutingContext ctx, String why) {
        ResponseHeaders.secure(ctx.response());
        ctx.response()
                .setStatusCode(503)
                .putHeader(HttpHeaders.RETRY_AFTER, "1")
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(why)
                .onFailure(ctx::fail);
    }
}
