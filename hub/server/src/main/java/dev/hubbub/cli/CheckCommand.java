package dev.hubbub.cli;

import dev.hubbub.ConfigSource;
import dev.hubbub.config.ConfigException;
import dev.hubbub.config.HubConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Validates a config: exit code 0, or 1 with every fault. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Validates a config without starting anything.",
            "Prints file:line:column and what is wrong for every fault, and exits with 1; exits with 0 when there is none."
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the config file")
    @Nullable
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one key of the file; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (file == null) {
            throw new PlainFailures.Refusal("say which file to check");
        }
        try {
            HubConfig config = ConfigSource.compile(new ConfigSource(file, overrides, System.getenv()).load())
                    .config();
            int rules = config.addresses().size();
            out.println(file + ": no faults, " + rules + (rules == 1 ? " address rule" : " address rules"));
            return 0;
        } catch (ConfigException e) {
            e.faults().forEach(out::println);
            return 1;
        } finally {
            out.flush();
        }
    }
}
