package dev.hubbub.cli;

import dev.hubbub.HubVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Hubbub " + HubVersion.text(), "Java " + System.getProperty("java.version")};
    }
}
