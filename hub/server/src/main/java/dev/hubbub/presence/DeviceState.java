package dev.hubbub.presence;

/**
 * What a device says of itself, such as that its user is typing.
 *
 * @param json any JSON but null, at most {@value #MOST_BYTES} bytes
 * @param setAtMillis when it was set, by the clock of the node that holds the device; says which state is the newest
 * @param endsAtMillis when it is over, by the clock of who holds this value; {@link #NEVER} for a state that stays
 */
record DeviceState(String json, long setAtMillis, long endsAtMillis) {
    static final int MOST_BYTES = 1_024;
    static final long NEVER = Long.MAX_VALUE;

    boolean isOver(long nowMillis) {
        return nowMillis >= endsAtMillis;
    }

    /** Returns the same with the time that is left in the place of its end: clocks of nodes differ. */
    DeviceState leaving(long nowMillis) {
        return endsAtMillis == NEVER ? this : new DeviceState(json, setAtMillis, Math.max(0, endsAtMillis - nowMillis));
    }

    /** Returns the same with its end by this node's clock. */
    DeviceState arriving(long nowMillis) {
        return endsAtMillis == NEVER || endsAtMillis > NEVER - nowMillis
                ? new DeviceState(json, setAtMillis, NEVER)
                : new DeviceState(json, setAtMillis, endsAtMillis + nowMillis);
    }
}
