package dev.hubbub.telemetry;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.hubbub.config.TracingConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans for a collector of OpenTelemetry, over OTLP and HTTP.
 *
 * <p>The SDK gathers them and sends every second, on threads of its own; at most 2,048 wait, what is beyond is dropped.
 * A collector that does not answer is told of by the SDK in the log, and costs nothing else. Making one blocks for a
 * moment.
 */
public final class OtlpSpans implements Spans {
    private static final String PATH = "/v1/traces";
    private static final long EVERY_SECONDS = 1;
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?");

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private OtlpSpans(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("dev.hubbub");
    }

    /** Begins to send to a collector; {@code node} and {@code version} are told with every span. */
    public static Spans to(URI collector, TracingConfig config, String node, String version) {
        String path = Optional.ofNullable(collector.getPath()).orElse("");
        URI endpoint = path.isEmpty() || path.equals("/") ? collector.resolve(PATH) : collector;
        Resource resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), "hubbub",
                AttributeKey.stringKey("service.version"), version,
                AttributeKey.stringKey("service.instance.id"), node));
        return new OtlpSpans(SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sample())))
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint.toString())
                                .build())
                        .setScheduleDelay(EVERY_SECONDS, SECONDS)
                        .build())
                .build());
    }

    @Override
    public boolean areOff() {
        return false;
    }

    @Override
    public Optional<Span> begin(Stage stage, String parent, String address, String id) {
        io.opentelemetry.api.trace.Span span = tracer.spanBuilder(stage.name().toLowerCase(Locale.ROOT))
                .setParent(parentOf(parent))
                .setSpanKind(kind(stage))
                .setAttribute("messaging.system", "hubbub")
                .setAttribute("messaging.message.id", id)
                .setAttribute("messaging.destination.name", address)
                .startSpan();
        // One that is not sampled is nothing, and leads to nothing.
        return span.getSpanContext().isSampled() ? Optional.of(new Open(span)) : Optional.empty();
    }

    private static SpanKind kind(Stage stage) {
        return switch (stage) {
            case PUBLISH -> SpanKind.PRODUCER;
            case APPEND -> SpanKind.INTERNAL;
            case DELIVER -> SpanKind.CONSUMER;
        };
    }

    private static Context parentOf(String traceparent) {
        Matcher parts = TRACEPARENT.matcher(traceparent);
        if (!parts.matches()) {
            return Context.root();
        }
        SpanContext parent = SpanContext.createFromRemoteParent(
                parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0), TraceState.getDefault());
        return Context.root().with(io.opentelemetry.api.trace.Span.wrap(parent));
    }

    @Override
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        var shutdown = provider.shutdown();
        shutdown.whenComplete(closed::tryComplete);
        return closed.future();
    }

    private record Open(io.opentelemetry.api.trace.Span span) implements Span {
        @Override
        public String traceparent() {
            SpanContext context = span.getSpanContext();
            return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                    + context.getTraceFlags().asHex();
        }

        @Override
        public void note(String name, Object value) {
            if (value instanceof Boolean flag) {
                span.setAttribute(name, flag);
            } else if (value instanceof Number number) {
                span.setAttribute(name, number.longValue());
            } else {
                span.setAttribute(name, String.valueOf(value));
            }
        }

        @Override
        public void end(boolean succeeded) {
            if (!succeeded) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
