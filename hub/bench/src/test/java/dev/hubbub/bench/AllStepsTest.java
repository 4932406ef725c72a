package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AllStepsTest {
    private static final PrintWriter NOWHERE = new PrintWriter(Writer.nullWriter());

    @Test
    void everyStepIsACommandThatTheToolKnows() {
        for (AllSteps.Step step : new AllSteps(1_500, "java", "/jdk-25").steps()) {
            List<String> words = new ArrayList<>(step.arguments());
            words.addAll(List.of("--json", "x.json", "--hub-jar", "hub.jar", "--server-core", "0"));
            if (step.peers()) {
                words.addAll(List.of("--peers", "peers"));
            }

            CommandLine.ParseResult parsed =
                    BenchMain.commandLine(NOWHERE, NOWHERE).parseArgs(words.toArray(String[]::new));

            assertThat(parsed.hasSubcommand()).as(step.name()).isTrue();
        }
    }

    @Test
    void withMoreTimeEverythingMeasuresLonger() {
        assertThat(measured(new AllSteps(2 * AllSteps.UNSCALED_SECONDS, "java", "")))
                .isEqualTo(2 * measured(new AllSteps(AllSteps.UNSCALED_SECONDS, "java", "")));
        assertThat(measured(new AllSteps(1, "java", ""))).isPositive();
    }

    @Test
    void withoutANewerJdkItsStepsAreLeftOut() {
        assertThat(new AllSteps(1_500, "java", "").steps())
                .extracting(AllSteps.Step::name)
                .contains("hot", "saturation", "idle", "nodes", "ack", "many", "startup")
                .doesNotContain("fanout-newer", "startup-newer");
    }

    private static int measured(AllSteps steps) {
        List<String> hot = steps.steps().get(0).arguments();
        return Integer.parseInt(hot.get(hot.indexOf("--measure") + 1));
    }
}
