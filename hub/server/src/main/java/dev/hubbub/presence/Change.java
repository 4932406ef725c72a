package dev.hubbub.presence;

/**
 * What became of one user.
 *
 * @param type what
 * @param user who, as it is now; one that has left, as it was last
 */
record Change(Type type, Shown user) {
    /** What can become of a user. */
    enum Type {
        JOIN,
        UPDATE,
        LEAVE;

        /** Returns the word on the wire. */
        String wireName() {
            return switch (this) {
                case JOIN -> "join";
                case UPDATE -> "update";
                case LEAVE -> "leave";
            };
        }
    }
}
