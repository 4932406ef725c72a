package dev.hubbub.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the operators' listener of the node is, and how to call it. */
final class OpsOptions {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    @Option(
            names = "--ops",
            paramLabel = "URL",
            defaultValue = "http://localhost:9090",
            description = "the node's operators' listener (default: ${DEFAULT-VALUE})")
    private URI url = URI.create("http://localhost:9090");

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:HUBBUB_ADMIN_KEY}",
            description =
                    "an API key with admin rights, where the listener is not on loopback (default: $HUBBUB_ADMIN_KEY)")
    @Nullable
    private String key;

    HttpResponse<String> post(String path, String body) throws IOException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(request(path).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    }

    HttpResponse<Stream<String>> stream(String path) throws IOException {
        return send(request(path).build(), BodyHandlers.ofLines());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(url.resolve(path));
        return key == null || key.isEmpty() ? builder : builder.header("X-API-Key", key);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, handler);
        } catch (ConnectException e) {
            throw new IOException("no hub answers at " + url + "; is it running? (--ops URL says where)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
