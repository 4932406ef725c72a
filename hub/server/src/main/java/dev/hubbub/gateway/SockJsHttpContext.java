package dev.hubbub.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request as the stock SockJS handler sees it, with a response that says goodbye in our words.
 *
 * <p>The stock handler closes a session with {@code c[3000,"Go away!"]} and nothing else (its session class is closed
 * to us); on the way out that one frame becomes the session's own close frame.
 */
@SuppressWarnings("unchecked") // The decorator overrides a generic method without its type parameter.
final class SockJsHttpContext extends RoutingContextDecorator {
    private static final String STOCK_GOODBYE = "c[3000,\"Go away!\"]\n";

    private final HttpServerResponse response;

    /** Wraps a request; {@code goodbye} is asked when the stock handler closes the session. */
    SockJsHttpContext(RoutingContextInternal inner, Supplier<Optional<String>> goodbye) {
        super(inner.currentRoute(), inner);
        this.response = wrap(inner.response(), goodbye);
    }

    @Override
    public HttpServerResponse response() {
        return response;
    }

    private static HttpServerResponse wrap(HttpServerResponse response, Supplier<Optional<String>> goodbye) {
        return (HttpServerResponse) Proxy.newProxyInstance(
                HttpServerResponse.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, args) -> {
                    if (isGoodbye(method, args)) {
                        return response.write(
                                goodbye.get().map(own -> own + "\n").orElse(STOCK_GOODBYE));
                    }
                    try {
                        return method.invoke(response, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    private static boolean isGoodbye(Method method, Object @Nullable [] args) {
        if (args == null || args.length != 1 || !method.getName().equals("write")) {
            return false;
        }
        // Polling writes text, streaming writes bytes.
        Object written = args[0];
        boolean sameLength = written instanceof Buffer bytes && bytes.length() == STOCK_GOODBYE.length();
        return STOCK_GOODBYE.equals(written) || (sameLength && STOCK_GOODBYE.equals(written.toString()));
    }
}
