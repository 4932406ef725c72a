package dev.hubbub.cli;

import dev.hubbub.auth.ClaimsJson;
import dev.hubbub.auth.TokenSigner;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a token that the configured hub accepts. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a JWT signed with the configured secret (auth.jwt.secret).",
            "Where the config holds a public key or a JWKS URL only, the hub cannot sign: ask your identity service."
        })
final class TokenCommand implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--sub", required = true, paramLabel = "USER", description = "the user that the token speaks for")
    private String subject = "";

    @Option(
            names = "--claim",
            paramLabel = "NAME=JSON",
            description =
                    "one more claim, such as role='\"agent\"' or workspaces='[\"w1\"]'; plain text is taken as a string")
    private List<String> claims = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "how long it is good for: 90s, 15m, 1h, 7d (default: ${DEFAULT-VALUE})")
    private String expires = "1h";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        HubConfig hub = config.source().load();
        AuthConfig.Jwt jwt = hub.auth()
                .jwt()
                .orElseThrow(() -> new PlainFailures.Refusal(
                        "the config has no auth.jwt: a hub in development mode prints its own token when it starts"));
        TokenSigner signer = TokenSigner.of(jwt, Clock.systemUTC())
                .orElseThrow(() -> new PlainFailures.Refusal("the config knows a public key only, which can check"
                        + " tokens but not sign them: ask your identity service"));
        String token = signer.sign(subject, parsedClaims(), duration());
        PrintWriter out = spec.commandLine().getOut();
        out.println(token);
        out.flush();
        return 0;
    }

    private Map<String, Object> parsedClaims() {
        Map<String, Object> parsed = new HashMap<>();
        for (String claim : claims) {
            int equals = claim.indexOf('=');
            if (equals < 1) {
                throw new PlainFailures.Refusal("--claim is NAME=JSON, such as --claim role='\"agent\"'");
            }
            parsed.put(claim.substring(0, equals), jsonOrText(claim.substring(equals + 1)));
        }
        return parsed;
    }

    private static Object jsonOrText(String text) {
        try {
            return ClaimsJson.parse("{\"value\":" + text + "}").getOrDefault("value", text);
        } catch (IllegalArgumentException e) {
            return text; // role=agent is what people type
        }
    }

    private Duration duration() {
        Matcher matcher = DURATION.matcher(expires);
        if (!matcher.matches()) {
            throw new PlainFailures.Refusal("--expires is a time such as 90s, 15m, 1h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
