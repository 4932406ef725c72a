package dev.hubbub.protocol;

/**
 * The validated name of a place where events are published, such as {@code "room:42"}.
 *
 * <p>Exactly the text that the client sent: no case folding, no Unicode normal form, no decoding. Addresses that start
 * with {@value #RESERVED_PREFIX} belong to the hub's own protocol ({@code hub.auth}, {@code hub.presence}).
 *
 * @param value 1 to {@value #MAX_LENGTH} characters of {@code A-Z a-z 0-9 _ - . : / @}
 */
public record Address(String value) {

    /** Longest accepted address, in characters. */
    public static final int MAX_LENGTH = 255;

    /** What the hub's own addresses start with. */
    public static final String RESERVED_PREFIX = "hub.";

    /**
     * Checks the text.
     *
     * @throws HubException with {@link ErrorCode#BAD_ADDRESS} when it is empty, too long or has another character
     */
    public Address {
        if (!isValid(value)) {
            throw new HubException(
                    ErrorCode.BAD_ADDRESS,
                    "an address has 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 _ - . : / @");
        }
    }

    /** Tells whether {@code text} may be an address. */
    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isAllowed(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        boolean digit = c >= '0' && c <= '9';
        return letter || digit || "_-.:/@".indexOf(c) >= 0;
    }

    /** Tells whether the address belongs to the hub's own protocol and can never be an application's. */
    public boolean isReserved() {
        return value.startsWith(RESERVED_PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
