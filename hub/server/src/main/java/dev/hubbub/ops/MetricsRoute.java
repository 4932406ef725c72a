package dev.hubbub.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a scrape, in the Prometheus text format or, to who likes it at least as much, as OpenMetrics 1.0.
 *
 * <p>What {@code Accept} says is weighed by its {@code q}; a scrape that says nothing gets text.
 */
final class MetricsRoute implements Handler<RoutingContext> {
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final Logger log = LoggerFactory.getLogger(MetricsRoute.class);
    private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";

    private final PrometheusMeterRegistry registry;

    MetricsRoute(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handle(RoutingContext call) {
        String type = typeFor(call.request().getHeader("Accept"));
        call.response()
                .putHeader("Content-Type", type)
                .putHeader("Vary", "Accept")
                .end(registry.scrape(type))
                .onFailure(gone -> log.debug("scrape left early reason={}", gone.getMessage()));
    }

    /** Chooses the format; {@code accept} is null where the caller does not care. */
    static String typeFor(@Nullable String accept) {
        if (accept == null) {
            return TEXT;
        }
        double openMetrics = 0;
        double text = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip();
            if (type.equalsIgnoreCase(OPEN_METRICS_TYPE)) {
                openMetrics = Math.max(openMetrics, weight(parts));
            } else if (type.equalsIgnoreCase("text/plain")) {
                text = Math.max(text, weight(parts));
            }
        }
        return openMetrics > 0 && openMetrics >= text ? OPEN_METRICS : TEXT;
    }

    private static double weight(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException noNumber) {
                    log.debug("weight is no number q={}", parameter, noNumber);
                    return 0;
                }
            }
        }
        return 1;
    }
}
