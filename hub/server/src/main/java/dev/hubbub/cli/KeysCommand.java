package dev.hubbub.cli;

import dev.hubbub.config.ConfigReference;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every key of the config. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Prints every key of the config as Markdown: its kind, default, range and meaning.",
            "hub/docs/config.md is what it prints: scripts/hub keys > hub/docs/config.md"
        })
final class KeysCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigReference.markdown());
        out.flush();
        return 0;
    }
}
