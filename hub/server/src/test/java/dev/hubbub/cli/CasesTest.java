package dev.hubbub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Rules that are checked against what they must decide. */
class CasesTest {
    private static final String CONFIG = """
            auth:
              apiKeys:
                - { name: orders, sha256: "50fadbf06f3094deeae5ffb6d94a085fc65e58b2ec61c79ba56d64cfdc20f284",
                    publish: ["order:{id}"] }
            addresses:
              - match: "user:{id}"
                subscribe: claims.sub == id
              - match: "order:{id}"
                subscribe: claims.level > 3
              - match: "office:{id}"
                subscribe: connection.ip == "10.0.0.1"
            """;

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void write() throws Exception {
        config = Files.writeString(folder.resolve("hub.yaml"), CONFIG);
    }

    private Ran check(String cases, String... options) throws Exception {
        Path file = Files.writeString(folder.resolve("cases.yaml"), cases);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands =
                HubMain.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "check";
        all[1] = "--cases";
        all[2] = file.toString();
        all[3] = config.toString();
        return new Ran(commands.execute(all), out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}

    @Test
    void casesThatAreDecidedAsExpectedEndWithZero() throws Exception {
        Ran ran = check("""
                - { claims: { sub: alice }, address: "user:alice", action: subscribe, expect: allow, rule: 0 }
                - { claims: { sub: bob }, address: "user:alice", action: subscribe, expect: deny, rule: "user:{id}" }
                - { address: "user:alice", action: subscribe, expect: deny }
                - { claims: { level: 4 }, address: "order:1", action: subscribe, expect: allow, rule: 1 }
                - { key: orders, address: "order:1", action: publish, expect: allow }
                - { key: orders, address: "order:1", action: subscribe, expect: deny }
                - { ip: 10.0.0.1, address: "office:1", action: subscribe, expect: allow }
                - { address: "nowhere", action: subscribe, expect: deny, rule: none }
                """, "--all-rules");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains("8 cases, 0 failed, 3 of 3 rules touched")
                .doesNotContain("warning");
        assertThat(ran.code()).isZero();
    }

    @Test
    void aCaseThatIsDecidedOtherwiseIsToldWithItsLineAndWhatDecided() throws Exception {
        Ran ran = check("""
                # who hears what
                - { claims: { sub: alice }, address: "user:alice", action: subscribe, expect: allow }
                - { name: nobody listens in, claims: { sub: bob }, address: "user:bob", action: subscribe, expect: deny }
                """);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains("cases.yaml:3: FAILED nobody listens in: expected deny, but the answer is allow")
                .contains("subscribe user:bob as bob", "claims.sub == id", "hub.yaml:7")
                .contains("2 cases, 1 failed");
    }

    @Test
    void anotherRuleThanTheExpectedOneIsAFailureThoughTheAnswerIsRight() throws Exception {
        Ran ran = check("- { claims: { sub: a }, address: \"user:a\", action: subscribe, expect: allow, rule: 1 }\n");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("expected that rule 1 decides, but it is addresses[0] user:{id}");
    }

    @Test
    void aRuleThatNoCaseIsAboutIsAWarningAndWithAllRulesAFailure() throws Exception {
        String cases = "- { address: \"user:a\", action: subscribe, expect: deny }\n";
        Ran warned = check(cases);
        assertThat(warned.code()).isZero();
        assertThat(warned.out())
                .contains("hub.yaml:8:13: warning: no case is about rule 1, order:{id}")
                .contains("1 case, 0 failed, 1 of 3 rules touched");
        Ran failed = check(cases, "--all-rules");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).contains("FAILED: no case is about rule 2, office:{id}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'- { address: a, action: subscribe }' | 1: the key \"expect\" is missing",
                "'- { address: a, action: read, expect: allow }' | 1: action is subscribe, publish, presence or send",
                "'- { address: a, action: send, expect: yes }' | 1: expect is allow or deny",
                "'- { address: a b, action: send, expect: deny }' | 1:",
                "'- { adress: a, action: send, expect: deny }' | 1: unknown key \"adress\"",
                "'- { address: a, action: send, expect: deny, key: nobody }' | 1: the config has no API key \"nobody\"",
                "'- { address: a, action: send, expect: deny, claims: 5 }' | 1: claims are an object",
                "'- 5' | 1: a case is expected",
                "'address: a' | a list of cases is expected",
                "'- {' | not YAML"
            })
    void whatIsWrongWithACaseIsSaidInOneLine(String cases, String problem) throws Exception {
        Ran ran = check(cases);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("cases.yaml", problem).doesNotContain("\tat ");
    }

    @Test
    void theShippedCasesHoldForTheShippedRulesAndTouchAllOfThem() {
        StringWriter out = new StringWriter();
        int code = HubMain.commands()
                .setOut(new PrintWriter(out, true))
                .execute("check", "--all-rules", "--cases", "../../config/cases.yaml", "../../config/hub.yaml");
        assertThat(out.toString()).contains(" cases, 0 failed");
        assertThat(code).isZero();
    }
}
