package dev.hubbub.demo;

import io.vertx.core.json.JsonObject;

/**
 * An expected refusal, by the hub or by a demo's own rules: a status, a code and plain words; without a stack trace.
 */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient JsonObject details;

    /** Creates a refusal with details for programs. */
    public DemoException(int status, String code, String message, JsonObject details) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details.copy();
    }

    /** Creates a refusal. */
    public DemoException(int status, String code, String message) {
        this(status, code, message, new JsonObject());
    }

    /** What was asked for makes no sense. */
    public static DemoException badRequest(String message) {
        return new DemoException(400, "bad_request", message);
    }

    /** There is nothing of that name. */
    public static DemoException notFound(String message) {
        return new DemoException(404, "not_found", message);
    }

    /** This person may not do that. */
    public static DemoException denied(String message) {
        return new DemoException(403, "access_denied", message);
    }

    /** There is no room for more. */
    public static DemoException full(String message) {
        return new DemoException(429, "limit_reached", message);
    }

    /** Somebody else was faster. */
    public static DemoException conflict(String message, JsonObject details) {
        return new DemoException(409, "conflict", message, details);
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the code, such as {@code not_found}, in the hub's way of writing. */
    public String code() {
        return code;
    }

    /** Returns the body of an answer, in the shape that the hub's API has, too. */
    public JsonObject body() {
        return new JsonObject().put("error", code).put("message", getMessage()).put("details", details.copy());
    }
}
