package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever somebody types, the loader answers with a config or with faults that stand in the file. */
class ConfigMutationTest {
    private static final List<String> TYPED = List.of(
            "",
            " ",
            "\n",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "#",
            "&a ",
            "*a",
            "!x ",
            "|\n",
            "${",
            "${PORT}",
            "$${",
            "~",
            "\t",
            "0",
            "99999999999999999999",
            "-1",
            "1e400",
            ".5",
            "true",
            "null",
            "\u0000",
            "\uD83D\uDE00",
            "\uE024",
            "%",
            "@",
            "<<: ");

    private final ConfigLoader loader = new ConfigLoader(ConfigLoads.ENVIRONMENT);

    @Test
    void mutilatedFilesEndInFaultsWithPlacesAndNothingElse() throws IOException {
        String full = Files.readString(Path.of("src/test/resources/dev/hubbub/config/full.yaml"));
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            StringBuilder text = new StringBuilder(full);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(6));
                text.replace(from, to, TYPED.get(random.nextInt(TYPED.size())));
            }
            refused += isRefused(text.toString()) ? 1 : 0;
        }
        assertThat(refused).isBetween(500, 999);
    }

    private boolean isRefused(String text) {
        long lines = text.chars().filter(c -> c == '\n').count() + 1;
        try {
            return loader.load("src/test/resources/dev/hubbub/config/hub.yaml", text, List.of("ops.port=1"))
                    .addresses()
                    .isEmpty();
        } catch (ConfigException e) {
            assertThat(e.faults()).isNotEmpty().allSatisfy(fault -> {
                assertThat(fault.at().line()).isPositive().isLessThanOrEqualTo((int) lines);
                assertThat(fault.at().column()).isPositive();
                assertThat(fault.message()).isNotBlank();
            });
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError("not a config fault for:\n" + text, e);
        }
    }
}
