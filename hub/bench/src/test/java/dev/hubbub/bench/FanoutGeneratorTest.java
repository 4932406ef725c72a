package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.bench.DeliveryLedger.Faults;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FanoutGeneratorTest {

    private static final Scenario CLOSED =
            new Scenario("closed", 1, 20, 4, 0, Duration.ofMillis(100), Duration.ofMillis(300), false);
    private static final Scenario SCHEDULED =
            new Scenario("scheduled", 1, 20, 4, 200, Duration.ofMillis(100), Duration.ofMillis(500), false);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @Test
    void everyDeliveryOfAGoodServerIsAccountedFor() throws Exception {
        Measurement measured = againstFloor(CLOSED, UnaryOperator.identity());

        assertThat(measured.faults()).isEqualTo(new Faults(0, 0, 0, 0));
        assertThat(measured.traffic().deliveries()).isGreaterThan(20L);
        assertThat(measured.latency().p50())
                .isPositive()
                .isLessThanOrEqualTo(measured.latency().p99());
    }

    @Test
    void aScheduleSendsWhatItSays() throws Exception {
        Measurement measured = againstFloor(SCHEDULED, UnaryOperator.identity());

        assertThat(measured.faults().none()).isTrue();
        assertThat(measured.traffic().events()).isEqualTo(100);
        assertThat(measured.traffic().offered()).isEqualTo(4_000);
    }

    @Test
    void aServerThatLosesAnEventIsFoundOut() throws Exception {
        Measurement measured = againstFloor(SCHEDULED, everyTenth(List.of()));

        assertThat(measured.faults().lost())
                .isPositive()
                .isEqualTo(measured.faults().lost() / 20 * 20);
        assertThat(measured.faults().doubled()).isZero();
        assertThat(measured.held()).isFalse();
    }

    @Test
    void aClosedLoopEndsWhenAnEventIsLost() throws Exception {
        Measurement measured = againstFloor(CLOSED, everyTenth(List.of()));

        assertThat(measured.faults().lost()).isPositive();
    }

    @Test
    void aServerThatDoublesAnEventIsFoundOut() throws Exception {
        Measurement measured = againstFloor(SCHEDULED, everyTenth(List.of(0, 0)));

        assertThat(measured.faults().doubled()).isPositive();
        assertThat(measured.faults().lost()).isZero();
    }

    @Test
    void aServerThatStallsShowsInTheLatencyOfEveryEventThatWasDueMeanwhile() throws Exception {
        int[] seen = new int[1];

        Measurement measured = againstFloor(SCHEDULED, events -> {
            for (byte[] event : events) {
                if (!isProbe(event) && ++seen[0] == 40) {
                    spin(Duration.ofMillis(200));
                }
            }
            return events;
        });

        assertThat(measured.latency().max()).isGreaterThan(190);
        assertThat(measured.latency().p99()).isGreaterThan(100);
    }

    @Test
    void aReaderThatPollsHearsTheSame() throws Exception {
        Measurement measured = againstFloor(SCHEDULED.read(true), UnaryOperator.identity());

        assertThat(measured.faults().none()).isTrue();
        assertThat(measured.traffic().offered()).isEqualTo(4_000);
    }

    @Test
    void manyAddressesAreAccountedForEach() throws Exception {
        Scenario many = new Scenario("many", 5, 20, 4, 200, Duration.ofMillis(100), Duration.ofMillis(500), false);

        Measurement measured = againstFloor(many, UnaryOperator.identity());

        assertThat(measured.traffic().offered()).isEqualTo(800);
        assertThat(measured.faults().damaged())
                .as("the floor sends everything to everybody, so four of five deliveries are not owed")
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void theStockBridgeDeliversEverythingOverBothTransports(BridgeTransport transport) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            StockBridge bridge = new StockBridge(0);
            vertx.deployVerticle(bridge)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            Measurement measured = measure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), bridge.actualPort()), transport, CLOSED);

            assertThat(measured.faults().none()).isTrue();
            assertThat(measured.traffic().deliveries()).isPositive();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRefusedUpgradeSaysSo() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> refuse(listener));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();

            assertThatThrownBy(() -> measure(address, BridgeTransport.PLAIN, CLOSED))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("503");
            refused.get(20, TimeUnit.SECONDS);
        }
    }

    private static void refuse(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getOutputStream()
                    .write("HTTP/1.1 503 Service Unavailable\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces each tenth event after the probes by so many copies of itself. */
    private static UnaryOperator<List<byte[]>> everyTenth(List<Integer> copies) {
        int[] seen = new int[1];
        return events -> {
            List<byte[]> kept = new ArrayList<>();
            for (byte[] event : events) {
                if (isProbe(event) || ++seen[0] % 10 != 0) {
                    kept.add(event);
                } else {
                    copies.forEach(copy -> kept.add(event));
                }
            }
            return kept;
        };
    }

    private static boolean isProbe(byte[] event) {
        return new String(event, StandardCharsets.US_ASCII).contains("~ff");
    }

    private static void spin(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static Measurement againstFloor(Scenario scenario, UnaryOperator<List<byte[]>> tamper) throws Exception {
        FloorServer server = new FloorServer(0, tamper);
        InetSocketAddress address = server.address();
        CompletableFuture<Void> served = new CompletableFuture<>();
        Thread thread = new Thread(() -> serve(server, served), "floor");
        thread.start();
        try {
            return measure(address, BridgeTransport.PLAIN, scenario);
        } finally {
            thread.interrupt();
            served.get(20, TimeUnit.SECONDS);
        }
    }

    private static void serve(FloorServer server, CompletableFuture<Void> served) {
        try (server) {
            server.serve();
            served.complete(null);
        } catch (IOException | RuntimeException e) {
            served.completeExceptionally(e);
        }
    }

    private static Measurement measure(InetSocketAddress address, BridgeTransport transport, Scenario scenario)
            throws IOException {
        ServerProbe self = new ServerProbe(ProcessHandle.current().pid(), 0);
        Target target = new Target(List.of(address), transport, self);
        try (Generator generator = scenario.against(target, PATIENCE)) {
            return generator.run();
        }
    }
}
