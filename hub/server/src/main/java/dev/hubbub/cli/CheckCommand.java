package dev.hubbub.cli;

import dev.hubbub.ConfigSource;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
            "Prints file:line:column and what is wrong for every fault, and exits with 1; exits with 0 when there is none.",
            "With --cases the rules must also decide as the file of cases expects; what decides otherwise is told as",
            "explain tells it.",
            "Example: scripts/hub check --cases config/cases.yaml config/hub.yaml"
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..1",
            description = "the config file; with --cases the default is config/hub.yaml")
    @Nullable
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "overrides one key of the file; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--cases",
            paramLabel = "FILE",
            description = "a YAML list of cases: - { name, claims, address, action, expect: allow|deny, rule }")
    @Nullable
    private Path cases;

    @Option(names = "--all-rules", description = "with --cases: a rule that no case is about is a failure, too")
    private boolean allRules;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ConfigSource source = source();
        try {
            ConfigSource.Compiled compiled = ConfigSource.compile(source.load());
            int rules = compiled.config().addresses().size();
            out.println(source.file() + ": no faults, " + rules + (rules == 1 ? " address rule" : " address rules"));
            return cases == null || judge(cases, compiled) ? 0 : 1;
        } catch (ConfigException e) {
            e.faults().forEach(out::println);
            return 1;
        } finally {
            out.flush();
        }
    }

    private ConfigSource source() {
        if (file != null) {
            return new ConfigSource(file, overrides, System.getenv());
        }
        if (cases == null) {
            throw new PlainFailures.Refusal("say which file to check");
        }
        return new ConfigSource(ConfigOptions.standard(), overrides, System.getenv());
    }

    /** Tells whether the rules decide as the cases expect. */
    private boolean judge(Path expected, ConfigSource.Compiled compiled) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<AddressRule> rules = compiled.config().addresses();
        Set<Integer> untouched =
                new TreeSet<>(IntStream.range(0, rules.size()).boxed().toList());
        List<RuleCase> all = RuleCases.read(expected, compiled.config());
        int failed = 0;
        for (RuleCase one : all) {
            RuleCase.Result result = one.judge(compiled.rules(), rules);
            result.decided().ifPresent(untouched::remove);
            if (!result.passed()) {
                failed++;
                out.println(expected + ":" + one.line() + ": FAILED " + one.name() + ": " + result.fault() + " ("
                        + one.action().wireName() + " " + one.address() + " as "
                        + one.caller().name() + ")");
                DecisionText.print(out, result.decision());
            }
        }
        for (int rule : untouched) {
            AddressRule missed = rules.get(rule);
            out.println(missed.match().at() + ": " + (allRules ? "FAILED" : "warning") + ": no case is about rule "
                    + rule + ", " + missed.match().source());
        }
        out.println(expected + ": " + all.size() + (all.size() == 1 ? " case, " : " cases, ") + failed + " failed, "
                + (rules.size() - untouched.size()) + " of " + rules.size() + " rules touched");
        return failed == 0 && (untouched.isEmpty() || !allRules);
    }
}
