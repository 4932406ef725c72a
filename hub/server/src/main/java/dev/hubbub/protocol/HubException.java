package dev.hubbub.protocol;

import io.vertx.core.json.JsonObject;

/**
 * An expected failure that a client is told about; carries no stack trace.
 *
 * <p>Message and details are shown to clients: they say what was wrong with the request and hold no secret, no path and
 * no class name.
 */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String FAILURE_CODE = "failureCode";

    private final ErrorCode code;
    private final transient JsonObject details;

    /** Creates a failure without details. */
    public HubException(ErrorCode code, String message) {
        this(code, message, new JsonObject());
    }

    /** Creates a failure with details that programs may read, such as {@code position}. */
    public HubException(ErrorCode code, String message, JsonObject details) {
        super(message, null, false, false);
        this.code = code;
        this.details = details;
    }

    /**
     * Says that a service verticle refused a request.
     *
     * @param failureCode the service's own code; also in the details, for HTTP
     */
    public static HubException ofRecipient(int failureCode, String message) {
        return new HubException(ErrorCode.RECIPIENT_FAILURE, message, new JsonObject().put(FAILURE_CODE, failureCode));
    }

    /** Returns the frame's {@code failureCode}: the code's number, or the service's own. */
    public int failureCode() {
        return details.getInteger(FAILURE_CODE, code.number());
    }

    /** Returns the reason. */
    public ErrorCode code() {
        return code;
    }

    /** Returns what programs may read, possibly empty; not to be changed. */
    public JsonObject details() {
        return details;
    }
}
