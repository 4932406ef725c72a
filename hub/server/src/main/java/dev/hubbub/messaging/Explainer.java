package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;

/** Says what the rules decide and why, without doing it. */
public interface Explainer {

    /**
     * Decides as the running rules would.
     *
     * @throws dev.hubbub.protocol.HubException with {@code BAD_ADDRESS}
     */
    Decision explain(Caller caller, Action action, String address);
}
