package dev.hubbub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The root of all commands; alone it starts a node. */
@Command(
        name = "scripts/hub",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Hubbub, a real-time hub for browser apps.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/hub                                     one node with config/hub.yaml",
            "  scripts/hub start --set http.port=8081          the same on another port",
            "  scripts/hub check config/hub.yaml               every fault with line and column",
            "  scripts/hub check --cases config/cases.yaml     what the rules must decide, and whether they do",
            "  scripts/hub token --sub alice --claim role='\"agent\"'",
            "  scripts/hub explain --address user:bob --action subscribe --claims '{\"sub\":\"alice\"}'",
            "  scripts/hub publish demo:lobby '{\"type\":\"hello\",\"payload\":{}}'",
            "  scripts/hub tail demo:lobby",
            "  scripts/hub nodes",
            "  scripts/hub trace 01J8ZQ… --user sarah          why she did or did not get an event",
            "  scripts/hub reload --dry-run                    which subscriptions the edited config would end",
            "  scripts/hub drain                               lets a node go, and shows how far it is"
        },
        subcommands = {
            StartCommand.class,
            CheckCommand.class,
            TokenCommand.class,
            ExplainCommand.class,
            PublishCommand.class,
            TailCommand.class,
            NodesCommand.class,
            DrainCommand.class,
            TraceCommand.class,
            ReloadCommand.class,
            VerifyCommand.class,
            KeysCommand.class
        })
final class HubCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return HubMain.commands().execute("start");
    }
}
