package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which format a scrape gets. */
class MetricsRouteTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text",
                "application/openmetrics-text; version=1.0.0",
                "application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "text/plain, Application/OpenMetrics-Text"
            })
    void whoAsksForOpenMetricsGetsIt(String accept) {
        assertThat(MetricsRoute.typeFor(accept)).isEqualTo(MetricsRoute.OPEN_METRICS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/plain",
                "application/json",
                "text/plain;q=0.8,application/openmetrics-text;q=0.5",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=much"
            })
    void everybodyElseGetsText(String accept) {
        assertThat(MetricsRoute.typeFor(accept)).isEqualTo(MetricsRoute.TEXT);
    }

    @Test
    void whoSaysNothingGetsText() {
        assertThat(MetricsRoute.typeFor(null)).isEqualTo(MetricsRoute.TEXT);
    }
}
