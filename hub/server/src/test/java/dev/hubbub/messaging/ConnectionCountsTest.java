package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {
    private static final LimitsConfig LIMITS = new LimitsConfig(
            4,
            2,
            3,
            10,
            1_000,
            new LimitsConfig.Rate(10, Duration.ofSeconds(1), 10),
            1_000,
            LimitsConfig.Node.standard());

    private final ConnectionCounts counts = new ConnectionCounts();

    private static void assertLimit(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HubException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
    }

    @Test
    void anAddressHasItsNumberOfConnectionsAndGetsThemBack() {
        counts.open("c1", "1.1.1.1", LIMITS);
        counts.open("c2", "1.1.1.1", LIMITS);
        counts.open("c3", "1.1.1.1", LIMITS);
        assertLimit(() -> counts.open("c4", "1.1.1.1", LIMITS));

        counts.closed("c2");
        counts.open("c4", "1.1.1.1", LIMITS);

        assertThat(counts.open()).isEqualTo(3);
    }

    @Test
    void aNodeHasItsNumberOfConnections() {
        for (int i = 0; i < 4; i++) {
            counts.open("c" + i, "1.1.1." + i, LIMITS);
        }
        assertLimit(() -> counts.open("c5", "1.1.1.5", LIMITS));
    }

    @Test
    void aUserHasItsNumberOfConnectionsHoweverOftenItRefreshes() {
        counts.open("c1", "1.1.1.1", LIMITS);
        counts.open("c2", "1.1.1.2", LIMITS);
        counts.open("c3", "1.1.1.3", LIMITS);
        assertThat(counts.identified("c1", "ann", LIMITS)).isEqualTo(1);
        assertThat(counts.identified("c1", "ann", LIMITS)).as("again").isZero();
        assertThat(counts.identified("c2", "ann", LIMITS)).isEqualTo(2);
        assertLimit(() -> counts.identified("c3", "ann", LIMITS));

        counts.closed("c1");
        assertThat(counts.identified("c3", "ann", LIMITS)).isEqualTo(2);
        assertThat(counts.ofUser("ann")).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsGoneCountsForNobody() {
        counts.closed("c1");
        assertThat(counts.identified("c1", "ann", LIMITS)).isZero();
        counts.open("c2", "1.1.1.1", LIMITS);
        counts.open("c3", "1.1.1.1", LIMITS);
        assertThat(counts.identified("c2", "ann", LIMITS)).isEqualTo(1);
        assertThat(counts.identified("c3", "ann", LIMITS)).isEqualTo(2);

        counts.closed("c2");
        counts.closed("c2");
        counts.closed("c3");

        assertThat(counts.open()).isZero();
    }
}
