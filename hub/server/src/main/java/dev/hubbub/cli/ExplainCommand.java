package dev.hubbub.cli;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.ClaimsJson;
import dev.hubbub.auth.Identity;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what the rules of a config decide, and why. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says allow or deny, which rule decided, which expression and which values; reads the config, asks no node.",
            "Exits with 0 whatever the answer is; with --exit-code a deny exits with 3."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int DENIED = 3;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--address", required = true, paramLabel = "ADDRESS", description = "the address in question")
    private String address = "";

    @Option(
            names = "--action",
            required = true,
            paramLabel = "ACTION",
            description = "subscribe, publish, presence or send")
    private String action = "";

    @Option(
            names = "--token",
            paramLabel = "JWT",
            description = "takes the claims of a token; its signature is not checked")
    @Nullable
    private String token;

    @Option(names = "--claims", paramLabel = "JSON", description = "takes these claims, such as '{\"sub\":\"alice\"}'")
    @Nullable
    private String claims;

    @Option(names = "--ip", paramLabel = "IP", defaultValue = "127.0.0.1", description = "connection.ip")
    private String ip = "127.0.0.1";

    @Option(names = "--agent", paramLabel = "TEXT", defaultValue = "", description = "connection.agent")
    private String agent = "";

    @Option(names = "--exit-code", description = "exits with " + DENIED + " for a deny, for use in scripts")
    private boolean exitCode;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Action wanted = Action.parse(action)
                .orElseThrow(() -> new PlainFailures.Refusal("--action is subscribe, publish, presence or send"));
        PermissionRules rules = PermissionRules.compile(config.source().load());
        Caller caller = new Caller.User(identity(), new Caller.ConnectionInfo(ip, agent));
        Decision decision = rules.decide(caller, wanted, new Address(address));
        print(decision);
        return exitCode && !decision.allowed() ? DENIED : 0;
    }

    private Identity identity() {
        Map<String, Object> all = parsedClaims();
        Optional<String> subject = all.get("sub") instanceof String sub ? Optional.of(sub) : Optional.empty();
        return new Identity(subject, all, Optional.empty(), 0, Long.MAX_VALUE);
    }

    private Map<String, Object> parsedClaims() {
        if (token != null && claims != null) {
            throw new PlainFailures.Refusal("give --token or --claims, not both");
        }
        try {
            return ClaimsJson.parse(token == null ? (claims == null ? "{}" : claims) : payloadOf(token));
        } catch (IllegalArgumentException e) {
            throw new PlainFailures.Refusal("the claims are no JSON object such as '{\"sub\":\"alice\"}'");
        }
    }

    private static String payloadOf(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new PlainFailures.Refusal("--token is a JWT of three parts");
        }
        return new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    }

    private void print(Decision decision) {
        PrintWriter out = spec.commandLine().getOut();
        out.println((decision.allowed() ? "allow " : "deny ") + action + " " + address);
        DecisionText.print(out, decision);
        out.flush();
    }
}
