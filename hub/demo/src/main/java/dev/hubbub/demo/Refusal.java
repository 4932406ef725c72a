package dev.hubbub.demo;

import io.vertx.core.json.JsonObject;

/**
 * A request that a back end refuses: a status of HTTP, a code for programs and plain words.
 *
 * <p>It is an expected answer and carries no stack trace.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient JsonObject details;

    private Refusal(int status, String code, String message, JsonObject details) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
    }

    /** Makes a refusal of something that was asked wrongly (422). */
    public static Refusal bad(String code, String message) {
        return new Refusal(422, code, message, new JsonObject());
    }

    /** Makes a refusal of something that this person may not do (403). */
    public static Refusal denied(String message) {
        return new Refusal(403, "access_denied", message, new JsonObject());
    }

    /** Makes a refusal of something that is not there (404). */
    public static Refusal missing(String message) {
        return new Refusal(404, "not_found", message, new JsonObject());
    }

    /** Makes a refusal of something that does not fit what is there by now (409). */
    public static Refusal conflict(String code, String message, JsonObject details) {
        return new Refusal(409, code, message, details);
    }

    /** Makes a refusal of something that there is no room for (429). */
    public static Refusal full(String message) {
        return new Refusal(429, "limit_reached", message, new JsonObject());
    }

    /** Returns the status of HTTP. */
    public int status() {
        return status;
    }

    /** Returns the code, in snake case. */
    public String code() {
        return code;
    }

    /** Returns the body of the answer, in the form that the hub's own errors have. */
    public JsonObject toJson() {
        return new JsonObject().put("error", code).put("message", getMessage()).put("details", details);
    }
}
