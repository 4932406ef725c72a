package dev.hubbub;

/**
 * The config that is in force now; a reload swaps it as a whole.
 *
 * <p>Read from every event loop; each read sees either all of the old or all of the new.
 */
final class ConfigInForce {
    private volatile LiveConfig live;

    ConfigInForce(LiveConfig live) {
        this.live = live;
    }

    LiveConfig get() {
        return live;
    }

    void set(LiveConfig next) {
        live = next;
    }
}
