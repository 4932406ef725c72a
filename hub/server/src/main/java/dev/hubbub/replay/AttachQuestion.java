package dev.hubbub.replay;

import dev.hubbub.protocol.Address;

/** What an event loop asks the {@link Attachments} of its node. */
sealed interface AttachQuestion {

    /** Listen on behalf of a loop; answered with {@link Attached}. */
    record Attach(Address address, LogPolicy policy, String inbox) implements AttachQuestion {}

    /** Listen no more on behalf of a loop; answered with nothing. */
    record Detach(Address address, String inbox) implements AttachQuestion {}
}
