package dev.hubbub.demo.trading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.trading.Alert.Direction;
import org.junit.jupiter.api.Test;

final class AlertsTest {
    private final Alerts alerts = new Alerts();

    @Test
    void anAlertFiresOnceHoweverOftenThePriceComesBack() {
        assertThat(alerts.set(alert("a-1", 100))).isTrue();

        assertThat(alerts.reachedBy("ACME", 99)).isEmpty();
        assertThat(alerts.reachedBy("BOLT", 100)).isEmpty();
        assertThat(alerts.reachedBy("ACME", 101)).extracting(Alert::id).containsExactly("a-1");
        assertThat(alerts.reachedBy("ACME", 101)).isEmpty();
    }

    @Test
    void aRetryThatComesAfterItHasFiredDoesNotSetItAgain() {
        assertThat(alerts.set(alert("a-1", 100))).isTrue();
        assertThat(alerts.set(alert("a-1", 100))).isTrue();
        assertThat(alerts.reachedBy("ACME", 100)).hasSize(1);

        assertThat(alerts.set(alert("a-1", 100))).isFalse();
        assertThat(alerts.reachedBy("ACME", 100)).isEmpty();
    }

    @Test
    void anIdIsOneAlert() {
        assertThat(alerts.set(alert("a-1", 100))).isTrue();

        assertThatThrownBy(() -> alerts.set(alert("a-1", 200))).isInstanceOf(DemoException.class);
    }

    @Test
    void oneThatIsCancelledNeverFires() {
        assertThat(alerts.set(alert("a-1", 100))).isTrue();
        alerts.cancel("sarah", "a-1");

        assertThat(alerts.reachedBy("ACME", 100)).isEmpty();
        assertThat(alerts.isEmpty()).isTrue();
        assertThatThrownBy(() -> alerts.cancel("sarah", "a-1")).isInstanceOf(DemoException.class);
    }

    @Test
    void nobodyHasMoreThanTwenty() {
        for (int i = 0; i < Alerts.EACH; i++) {
            assertThat(alerts.set(alert("a-" + i, 100 + i))).isTrue();
        }
        assertThatThrownBy(() -> alerts.set(alert("one-more", 100))).isInstanceOf(DemoException.class);
        assertThat(alerts.of("sarah")).hasSize(Alerts.EACH);
        assertThat(alerts.of("omar")).isEmpty();
    }

    private static Alert alert(String id, int price) {
        return new Alert(id, "sarah", "ACME", Direction.ABOVE, price);
    }
}
