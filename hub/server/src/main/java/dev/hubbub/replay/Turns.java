package dev.hubbub.replay;

import java.time.Clock;

/** Names the turns of one start of a node. Belongs to its {@link ReplayOwner}. */
final class Turns {
    private static final int OWNER_CHARACTERS = 16;

    private final String owner;
    private final Clock clock;
    private long count;

    Turns(String id, Clock clock) {
        this.owner = ownerFrom(id);
        this.clock = clock;
    }

    private static String ownerFrom(String id) {
        String owner = id.substring(Math.max(0, id.length() - OWNER_CHARACTERS));
        boolean fits = owner.length() == OWNER_CHARACTERS
                && owner.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
        if (!fits) {
            throw new IllegalArgumentException("id: " + id + " (expected: 16 or more of A-Z a-z 0-9)");
        }
        return owner;
    }

    /** A turn's fresh epoch is random by its owner part and new by its number. */
    Turn next() {
        count++;
        return new Turn(owner, owner + Long.toString(count, Character.MAX_RADIX), clock.millis());
    }
}
