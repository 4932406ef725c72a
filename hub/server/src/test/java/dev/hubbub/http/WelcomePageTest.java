package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.http.HttpFixture.Answer;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WelcomePageTest {
    private static final Pattern LOADED = Pattern.compile("(?:src|<link [^>]*href)=\"([^\"]+)\"");

    @Test
    void inDevelopmentThePageComesWithEverythingThatItLoads() throws Exception {
        try (HttpFixture http = new HttpFixture()) {
            Answer page = http.get("/", "Accept", "text/html");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-security-policy"))
                    .contains("default-src 'none'")
                    .doesNotContain("unsafe");
            List<String> loaded = LOADED.matcher(page.response().body())
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            assertThat(loaded).contains("/welcome/welcome.js", "/welcome/welcome.css");
            for (String path : loaded) {
                assertThat(http.get(path, "Accept", "*/*").status()).as(path).isEqualTo(200);
            }
            assertThat(page.response().body())
                    .contains("href=\"http://localhost:19090/health/ready\"")
                    .doesNotContain("9090/console", "{{");
            // A policy without 'unsafe-inline' would silently switch these off.
            assertThat(page.response().body()).doesNotContain("<style", " style=", " onclick=", "<script>");
        }
    }

    @Test
    void inDevelopmentAnybodyIsGivenATokenButPagesOfOtherOriginsCannotReadIt() throws Exception {
        try (HttpFixture http = new HttpFixture()) {
            http.hub.origins = List.of("https://app.example.com");

            Answer token = http.get("/dev/token?sub=alice", "Origin", "https://app.example.com");

            assertThat(token.response().body()).isEqualTo("made-for-alice");
            assertThat(token.header("cache-control")).isEqualTo("no-store");
            assertThat(token.header("access-control-allow-origin")).isEmpty();
            assertThat(http.get("/dev/token", "Accept", "*/*").status()).isEqualTo(400);
        }
    }

    @Test
    void inProductionThereIsNothingOfIt() throws Exception {
        try (HttpFixture http = new HttpFixture(false, SseTiming.STANDARD)) {
            for (String path : List.of("/", "/welcome/welcome.js", "/dev/token?sub=alice")) {
                assertThat(http.get(path, "Accept", "*/*").error()).as(path).isEqualTo("not_found");
            }
        }
    }
}
