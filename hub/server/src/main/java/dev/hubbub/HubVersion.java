package dev.hubbub;

import java.util.Optional;

/** The version of this build, as the jar's manifest says. */
public final class HubVersion {
    private HubVersion() {}

    /** Returns the version; {@code development} when the classes come from no jar. */
    public static String text() {
        return Optional.ofNullable(HubVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
