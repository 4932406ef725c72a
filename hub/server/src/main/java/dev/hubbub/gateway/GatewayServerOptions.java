package dev.hubbub.gateway;

import dev.hubbub.config.HubConfig;
import io.vertx.core.http.HttpServerOptions;

/** What the public listener must be like for the gateway's sockets to work as promised. */
public final class GatewayServerOptions {

    private GatewayServerOptions() {}

    /**
     * Sets the options and leaves all others alone.
     *
     * <p>Compression is off: a 61 KB frame can become 62 MB before its size is checked, and shared frames would be
     * compressed again for every socket. HTTP/2 is off: its connections carry no WebSocket here, and the fallbacks of
     * SockJS close the connection under them. The frame limit is twice {@code limits.frame}, so that the gateway can
     * still answer a frame that is too large before it closes.
     */
    public static HttpServerOptions apply(HttpServerOptions options, HubConfig config) {
        int largest = largestMessage(config.limits().frameBytes());
        return options.setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setRegisterWebSocketWriteHandlers(false)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setTcpNoDelay(true)
                .setMaxWebSocketFrameSize(largest)
                .setMaxWebSocketMessageSize(largest);
    }

    /** Returns the largest WebSocket message, in bytes, that is read at all for a given {@code limits.frame}. */
    static int largestMessage(int frameBytes) {
        return (int) Math.min(Integer.MAX_VALUE - 64L, 2L * frameBytes + 1_024);
    }
}
