package dev.hubbub.cli;

import dev.hubbub.config.ConfigException;
import dev.hubbub.protocol.HubException;
import dev.hubbub.verify.VerifyException;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a future on the command's own thread; only commands may wait. */
final class Waiting {
    private static final long DEFAULT_SECONDS = 60;

    private Waiting() {}

    /** Waits without an end, for what may never happen. */
    static <T> T onForEver(Future<T> future) throws IOException {
        return on(future, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    static <T> T on(Future<T> future) throws IOException {
        return on(future, DEFAULT_SECONDS, TimeUnit.SECONDS);
    }

    static <T> T on(Future<T> future, long time, TimeUnit unit) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(time, unit);
        } catch (ExecutionException e) {
            throw plain(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + time + " " + unit.name().toLowerCase(java.util.Locale.ROOT), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static IOException plain(Throwable cause) {
        if (cause instanceof ConfigException config) {
            throw config;
        }
        if (cause instanceof VerifyException verify) {
            throw verify;
        }
        if (cause instanceof HubException hub) {
            throw hub;
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause.getMessage()), cause);
    }
}
