package dev.hubbub.replay;

import dev.hubbub.telemetry.EventTrail;

/**
 * What an owner tells of its work.
 *
 * @param meters what it counts
 * @param trail which events it follows
 */
record ReplayEvidence(ReplayMeters meters, EventTrail trail) {

    /** Told to nobody, in simulations. */
    static ReplayEvidence unseen() {
        return new ReplayEvidence(ReplayMeters.unseen(), EventTrail.NONE);
    }
}
