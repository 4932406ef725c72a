package dev.hubbub.auth;

import java.util.Optional;

/** Knows the services' keys; safe to call from any event loop. */
@FunctionalInterface
public interface ApiKeys {

    /** Finds the service that a key belongs to, in constant time for keys of one length; empty for an unknown key. */
    Optional<Caller.Service> find(String presented);
}
