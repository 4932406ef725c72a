package dev.hubbub.verify;

/** A verification that could not be carried out, which is another thing than a hub that failed it. */
public final class VerifyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VerifyException(String message) {
        super(message, null, false, false);
    }
}
