package dev.hubbub.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ServiceCallsTest {
    private static final String ROOMS = "service:rooms";
    private static final Duration SOON = Duration.ofSeconds(5);

    private Vertx vertx;
    private ServiceCalls calls;

    @BeforeEach
    void openCalls(Vertx vertx) {
        this.vertx = vertx;
        calls = new ServiceCalls(vertx);
    }

    private @Nullable Object reply(@Nullable Object body) throws Exception {
        return await(calls.request(ROOMS, body, Map.of("hub-user", "alice"), SOON));
    }

    private static @Nullable Object await(Future<@Nullable Object> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HubException failure(String address, @Nullable Object body, Duration deadline) throws Exception {
        try {
            Object reply = await(calls.request(address, body, Map.of(), deadline));
            throw new AssertionError("the service replied " + reply);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HubException expected) {
                return expected;
            }
            throw e;
        }
    }

    private void service(io.vertx.core.Handler<io.vertx.core.eventbus.Message<Object>> handler) {
        vertx.eventBus().consumer(ROOMS, handler);
    }

    @Test
    void anOrdinaryConsumerGetsBodyAndHeadersAndItsReplyComesBack() throws Exception {
        service(m -> m.reply(
                new JsonObject().put("asked", m.body()).put("by", m.headers().get("hub-user"))));
        JsonObject body = new JsonObject().put("room", 7);
        assertThat(reply(body)).isEqualTo(new JsonObject().put("asked", body).put("by", "alice"));
    }

    @Test
    void everyJsonValueTravelsBothWays() throws Exception {
        service(m -> m.reply(m.body()));
        for (Object value : new Object[] {"text", 1, 5_000_000_000L, 1.5, true, new JsonArray().add(1)}) {
            assertThat(reply(value)).isEqualTo(value);
        }
        assertThat(reply(null)).isNull();
        assertThat(reply(Map.of("a", 1))).isEqualTo(new JsonObject().put("a", 1));
    }

    @Test
    void theServicesOwnCodeAndMessageReachTheCaller() throws Exception {
        service(m -> m.fail(4711, "the room is full"));
        HubException failure = failure(ROOMS, "x", SOON);
        assertThat(failure.code()).isEqualTo(ErrorCode.RECIPIENT_FAILURE);
        assertThat(failure.failureCode()).isEqualTo(4711);
        assertThat(failure).hasMessage("the room is full");
    }

    @Test
    void nobodyListeningIsUnavailable() throws Exception {
        HubException failure = failure("service:none", "x", SOON);
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.failureCode()).isEqualTo(ErrorCode.UNAVAILABLE.number());
        assertThat(failure).hasMessageContaining("no service is listening at service:none");
    }

    @Test
    void noReplyInTimeIsATimeout() throws Exception {
        service(m -> {});
        assertThat(failure(ROOMS, "x", Duration.ofMillis(50)).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void aReplyThatIsNoJsonIsRefused() throws Exception {
        service(m -> m.reply(Buffer.buffer("bytes")));
        HubException failure = failure(ROOMS, "x", SOON);
        assertThat(failure.code()).isEqualTo(ErrorCode.RECIPIENT_FAILURE);
        assertThat(failure).hasMessageContaining("not JSON");
    }

    @Test
    void aNumberThatTheEventBusCannotCarryIsRefused() throws Exception {
        assertThat(failure(ROOMS, BigInteger.TEN.pow(40), SOON).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void theHubsOwnInboxesCannotBeAsked() throws Exception {
        assertThat(failure("hub.replay.n1", "x", SOON).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    }
}
