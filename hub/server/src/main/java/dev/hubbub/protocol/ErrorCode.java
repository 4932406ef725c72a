package dev.hubbub.protocol;

import java.util.Locale;

/**
 * Why the hub refused something; name and numbers are part of the wire and never change meaning.
 *
 * <p>On a socket the name is the frame's {@code failureType} and {@link #number()} its {@code failureCode}; over HTTP
 * {@link #snakeCase()} is the body's {@code error} and {@link #httpStatus()} the status.
 */
public enum ErrorCode {
    /** A rule says no, or no rule matches. */
    ACCESS_DENIED(1, 403, false),
    /** There is no valid token, or it has expired. */
    NOT_LOGGED_IN(2, 401, false),
    /** The permission was there and is gone; the subscription has ended. */
    ACCESS_REVOKED(3, 403, false),
    /** What came after the position cannot be told: fetch a snapshot, go on from {@code details.position}. */
    POSITION_LOST(4, 410, false),
    /** The frame or request is not of the protocol. */
    BAD_FRAME(5, 400, false),
    /** The address breaks the rules for addresses. */
    BAD_ADDRESS(6, 400, false),
    /** The event breaks its contract, or its id was used before for another event. */
    BAD_EVENT(7, 422, false),
    /** The resource has moved on; {@code details.currentVersion} is its version. */
    STALE_VERSION(8, 409, false),
    /** The frame, body or event is larger than the configuration allows. */
    TOO_LARGE(9, 413, false),
    /** Too many messages in too short a time; {@code details.retryAfterMillis} says when to come back. */
    RATE_LIMITED(10, 429, true),
    /** A configured count is reached: connections, subscriptions. */
    LIMIT_REACHED(11, 429, false),
    /** The part of the hub that is needed cannot answer now; the same request with the same id may be sent again. */
    UNAVAILABLE(12, 503, true),
    /** No answer came in time; what became of the request is unknown. */
    TIMEOUT(13, 504, true),
    /** Over HTTP only: there is nothing under that path or name. */
    NOT_FOUND(14, 404, false),
    /** A service verticle refused the request; message and {@code failureCode} are the service's own. */
    RECIPIENT_FAILURE(15, 502, false),
    /** Over HTTP only: the request does not fit the API's description. */
    BAD_REQUEST(16, 400, false);

    private final int number;
    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(int number, int httpStatus, boolean retryable) {
        this.number = number;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** Returns the frame's {@code failureCode}. */
    public int number() {
        return number;
    }

    /** Returns the HTTP status. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Tells whether the same request may succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns the code as it stands in an HTTP body, such as {@code position_lost}. */
    public String snakeCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
