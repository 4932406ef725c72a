package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages may connect. */
class OriginPolicyTest {
    private static final OriginPolicy LISTED =
            new OriginPolicy(List.of("https://app.example.com", "http://localhost:5173"));

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com, true",
        "HTTPS://APP.example.com, true",
        "https://app.example.com:443, true",
        "http://localhost:5173, true",
        "http://app.example.com, false",
        "https://app.example.com:8443, false",
        "https://app.example.com.evil.com, false",
        "https://evil.com/https://app.example.com, false",
        "https://xapp.example.com, false",
        "http://localhost, false",
        "null, false",
    })
    void onlyListedOriginsPass(String origin, boolean allowed) {
        assertThat(LISTED.allows(origin, "hub.example.com")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "http://hub.example.com:8080, hub.example.com:8080, true",
        "https://hub.example.com, hub.example.com, true",
        "https://hub.example.com, hub.example.com:443, true",
        "https://hub.example.com, hub.example.com:8080, false",
        "https://evil.com, hub.example.com, false",
        "null, hub.example.com, false",
    })
    void withoutAListOnlyTheListenersOwnPagesPass(String origin, String host, boolean allowed) {
        assertThat(new OriginPolicy(List.of()).allows(origin, host)).isEqualTo(allowed);
    }

    @Test
    void clientsThatAreNoPagesPassAndAStarLetsEverybodyIn() {
        assertThat(LISTED.allows(null, "hub.example.com")).isTrue();
        assertThat(new OriginPolicy(List.of("*")).allows("https://evil.com", null))
                .isTrue();
        assertThat(new OriginPolicy(List.of()).allows("https://evil.com", null)).isFalse();
    }
}
