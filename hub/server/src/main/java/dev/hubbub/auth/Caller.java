package dev.hubbub.auth;

import dev.hubbub.config.AuthConfig.ApiKeyConfig;

/** Who asks: a person's connection, a service with a key, or an operator. */
public sealed interface Caller {

    /** Returns the name for evidence and logs: the subject, {@code anonymous}, or the service's name. */
    String name();

    /**
     * A browser or another holder of a user's token.
     *
     * @param identity who the token speaks for
     * @param connection what is known of the connection
     */
    record User(Identity identity, ConnectionInfo connection) implements Caller {
        @Override
        public String name() {
            return identity.subject().orElse("anonymous");
        }
    }

    /**
     * A service that showed an API key.
     *
     * @param key its entry in the config
     */
    record Service(ApiKeyConfig key) implements Caller {
        @Override
        public String name() {
            return key.name();
        }
    }

    /** Somebody on the operators' listener, which has checked them; may do everything that some rule is about. */
    record Operator() implements Caller {
        @Override
        public String name() {
            return "operator";
        }
    }

    /**
     * What rules see as {@code connection}.
     *
     * @param ip the client's IP address, without port
     * @param agent the client's {@code User-Agent}, empty when it sent none, at most 256 characters
     */
    record ConnectionInfo(String ip, String agent) {}
}
