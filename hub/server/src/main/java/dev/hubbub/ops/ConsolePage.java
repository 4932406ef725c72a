package dev.hubbub.ops;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The operators' console at {@code /console}: plain files, the same for everybody, without any data.
 *
 * <p>Its policy forbids inline code, other origins and frames; it works without a network beside this listener.
 */
final class ConsolePage {
    private static final String FOLDER = "/ops/console/";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    /** A whole line: of a block comment, or of one that ends with the line. */
    private static final Pattern COMMENT = Pattern.compile("//.*|/\\*.*\\*/|/\\*\\*?|\\* .*|\\*|\\*/");

    /** A type that is told to the type checker in the middle of a line. */
    private static final Pattern TYPE_CAST = Pattern.compile("/\\*\\* @type .*?\\*/ ?");
    /** A line break where the line before cannot end; no text of the console goes over several lines. */
    private static final Pattern OPEN_END = Pattern.compile("(?<=[({\\[,])\n");
    /** The comma behind the last of several lines; nowhere else does one stand before a closing bracket. */
    private static final Pattern LAST_COMMA = Pattern.compile(",(?=[)\\]}])");

    void mount(Router router) {
        router.get("/console").handler(ConsolePage::redirect);
        serve(router, "/console/", "index.html");
        files().forEach(file -> serve(router, "/console/" + file, file));
    }

    /** Lists the files of the console, as the build found them. */
    static List<String> files() {
        return new String(read("files.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** Relative addresses in the page want the slash; to the router both are one path. */
    private static void redirect(RoutingContext call) {
        if (call.request().path().endsWith("/")) {
            call.next();
            return;
        }
        call.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, "/console/")
                .end()
                .onFailure(call::fail);
    }

    private static void serve(Router router, String path, String file) {
        Buffer plain = Buffer.buffer(slim(file));
        Buffer packed = Buffer.buffer(pack(plain.getBytes()));
        router.get(path).handler(call -> {
            String accepted = call.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
            boolean takesPacked = accepted != null && accepted.contains("gzip");
            if (takesPacked) {
                call.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            }
            call.response()
                    .putHeader(HttpHeaders.VARY, "Accept-Encoding")
                    .putHeader(HttpHeaders.CONTENT_TYPE, type(file))
                    .putHeader("Content-Security-Policy", POLICY)
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                    .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                    .end(takesPacked ? packed : plain)
                    .onFailure(call::fail);
        });
    }

    private static String type(String file) {
        if (file.endsWith(".js")) {
            return "text/javascript; charset=utf-8";
        }
        if (file.endsWith(".css")) {
            return "text/css; charset=utf-8";
        }
        return file.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8";
    }

    /** Returns a file as browsers need it: without comments, indentation, and line breaks that say nothing. */
    static byte[] slim(String file) {
        String text = new String(read(file), StandardCharsets.UTF_8);
        if (file.endsWith(".css")) {
            text = lines(text, "").replace(": ", ":").replace(" {", "{");
        } else if (file.endsWith(".js")) {
            text = OPEN_END.matcher(lines(TYPE_CAST.matcher(text).replaceAll(""), "\n"))
                    .replaceAll("");
            text = LAST_COMMA.matcher(text).replaceAll("");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String lines(String text, String between) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !COMMENT.matcher(line).matches())
                .collect(Collectors.joining(between, "", "\n"));
    }

    /** Packs for the wire, once and so as well as it goes. */
    static byte[] pack(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    static byte[] read(String file) {
        try (InputStream in = ConsolePage.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + file);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
