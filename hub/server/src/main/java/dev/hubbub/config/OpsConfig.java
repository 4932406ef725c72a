package dev.hubbub.config;

/**
 * The operators' listener.
 *
 * @param host the address to bind; default 127.0.0.1; anything but loopback asks callers for an admin key
 * @param port 0 to 65535; default 9090; 0 lets the system choose
 */
public record OpsConfig(String host, int port) {

    /** Tells whether only this machine can reach the listener. */
    public boolean isLoopback() {
        return AddressRange.isLoopback(host);
    }
}
