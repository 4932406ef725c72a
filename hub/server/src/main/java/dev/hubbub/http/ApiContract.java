package dev.hubbub.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The API's description, {@code openapi.yaml}: which calls there are, and whether a request fits.
 *
 * <p>Paths and parameters are read here and not by the library, which splits paths at every slash and decodes queries
 * and headers once too often. The check itself is the library's and runs on a worker thread.
 */
final class ApiContract {
    private static final String RESOURCE = "/http/openapi.yaml";
    private static final String BASE_PATH = "/api/v1";

    private final OpenAPIContract contract;
    private final RequestValidator validator;
    private final Buffer text;

    private ApiContract(Vertx vertx, OpenAPIContract contract, Buffer text) {
        this.contract = contract;
        this.validator = RequestValidator.create(vertx, contract);
        this.text = text;
    }

    /** Reads the description; fails when it is not a correct OpenAPI document. */
    static Future<ApiContract> load(Vertx vertx) {
        return vertx.executeBlocking(ApiContract::read)
                .compose(text -> vertx.executeBlocking(() -> parse(text))
                        .compose(document -> OpenAPIContract.from(vertx, document))
                        .map(contract -> new ApiContract(vertx, contract, text)));
    }

    private static Buffer read() {
        try (InputStream in = ApiContract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + RESOURCE);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static JsonObject parse(Buffer text) {
        Map<String, Object> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text.toString());
        // The library cannot read a server that is relative, which is what callers of any host need to see.
        JsonObject server = new JsonObject().put("url", "http://localhost" + BASE_PATH);
        return new JsonObject(tree).put("servers", new JsonArray().add(server));
    }

    /** Returns the document as it was written. */
    Buffer text() {
        return text;
    }

    /** Returns the calls, those with the longest path first, so that the first path that matches is the right one. */
    List<Operation> operations() {
        return contract.operations().stream()
                .sorted(Comparator.comparing(
                        operation -> -operation.getAbsoluteOpenAPIPath().split("/", -1).length))
                .toList();
    }

    /**
     * Checks a request's parameters and body.
     *
     * @param path the values of the path's parameters, decoded
     * @return the request's parameters, and its body as JSON; fails with {@code BAD_REQUEST}
     */
    Future<Fitting> check(Operation operation, HttpServerRequest request, Map<String, String> path, Buffer body) {
        Map<String, String> values = new HashMap<>(path);
        for (Parameter parameter : operation.getParameters()) {
            value(request, parameter).ifPresent(value -> values.put(parameter.getName(), value));
        }
        return validator
                .validate(request(operation, values, body), operation.getOperationId())
                .map(valid -> new Fitting(values, json(valid)))
                .recover(failure -> Future.failedFuture(refusal(failure)));
    }

    private static @Nullable Object json(ValidatedRequest valid) {
        return valid.getBody() == null ? null : valid.getBody().get();
    }

    private static Optional<String> value(HttpServerRequest request, Parameter parameter) {
        return switch (parameter.getIn()) {
            case QUERY -> RequestValues.query(request, parameter.getName());
            case HEADER -> RequestValues.header(request, parameter.getName());
            case PATH, COOKIE -> Optional.empty();
        };
    }

    private static Request request(Operation operation, Map<String, String> values, Buffer body) {
        Map<String, RequestParameter> parameters = new HashMap<>();
        for (Parameter parameter : operation.getParameters()) {
            String value = values.get(parameter.getName());
            if (value != null) {
                // The library guesses: the text 12.5 would be no string to it. As JSON there is nothing to guess.
                boolean text = parameter.getSchemaType() == SchemaType.STRING;
                parameters.put(parameter.getName(), new Value(text ? Json.encode(value) : value));
            }
        }
        return new Request(parameters, new Value(body));
    }

    private static Throwable refusal(Throwable failure) {
        return failure instanceof ValidatorException unfit ? MisfitMessage.refusal(unfit) : failure;
    }

    /** A parameter's text, or a body's bytes, in the library's words. */
    private record Value(Object get) implements RequestParameter {}

    /** A request in the library's words; names are unique over all the places where parameters stand. */
    private record Request(Map<String, RequestParameter> parameters, RequestParameter body)
            implements ValidatableRequest {
        @Override
        public Map<String, RequestParameter> getCookies() {
            return Map.of();
        }

        @Override
        public Map<String, RequestParameter> getPathParameters() {
            return parameters;
        }

        @Override
        public Map<String, RequestParameter> getQuery() {
            return parameters;
        }

        @Override
        public Map<String, RequestParameter> getHeaders() {
            return parameters;
        }

        @Override
        public RequestParameter getBody() {
            return body;
        }

        @Override
        public String getContentType() {
            return ResponseHeaders.JSON;
        }
    }

    /**
     * What of a request fits.
     *
     * @param values its parameters
     * @param body its body as JSON; null when it has none
     */
    record Fitting(Map<String, String> values, @Nullable Object body) {}
}
