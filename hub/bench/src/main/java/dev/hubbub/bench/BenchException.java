package dev.hubbub.bench;

/** A measurement that could not be made: a server that did not start, a connection that was refused or cut. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
