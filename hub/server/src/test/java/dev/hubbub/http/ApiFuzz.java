package dev.hubbub.http;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.http.HttpFixture.Answer;
import io.vertx.core.json.DecodeException;
import java.util.List;

/** Any body of any call is served or refused with the code and the shape that the description promises. */
public final class ApiFuzz {
    private static final List<String> CALLS =
            List.of("publish", "broadcast", "explain", "tokens/revoke", "users/alice/events", "users/alice/disconnect");
    private static final HttpFixture HTTP = open();

    private ApiFuzz() {}

    private static HttpFixture open() {
        try {
            return new HttpFixture();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP room does not start", e);
        }
    }

    /** Feeds one input: its first byte chooses the call. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String call = CALLS.get(Math.floorMod(data[0] - '0', CALLS.size()));
        String body = FuzzText.of(java.util.Arrays.copyOfRange(data, 1, data.length));
        Answer answer = send(call, body);
        must(
                answer.status() < 500 || answer.error().equals("UNAVAILABLE"),
                call + " was answered with " + answer.status());
        FuzzText.saysNothingOfTheInside(answer.response().body(), body);
        if (answer.status() >= 400) {
            try {
                must(
                        answer.json().fieldNames().containsAll(List.of("error", "message", "details")),
                        "a refusal has its shape");
            } catch (DecodeException e) {
                throw new AssertionError("a refusal is JSON", e);
            }
        }
    }

    private static Answer send(String call, String body) {
        try {
            return HTTP.post("/api/v1/" + call, body, HttpFixture.admin());
        } catch (Exception e) {
            throw new AssertionError(call + " was not answered", e);
        }
    }
}
