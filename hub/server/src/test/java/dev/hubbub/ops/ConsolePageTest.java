package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsolePageTest {
    private static final Path FOLDER = Path.of("src/main/resources/ops/console");
    private static final int MOST_BYTES = 30_000;
    private static final Pattern IMPORT = Pattern.compile("from \"([^\"]+)\"");

    @Test
    void theListNamesEveryFile() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            List<String> found = all.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals("files.txt"))
                    .toList();
            assertThat(ConsolePage.files()).containsExactlyInAnyOrderElementsOf(found);
        }
    }

    @Test
    void allOfItIsSmallOnTheWire() {
        int bytes = ConsolePage.files().stream()
                .mapToInt(file -> ConsolePage.pack(ConsolePage.slim(file)).length)
                .sum();
        assertThat(bytes).as("bytes, packed").isLessThan(MOST_BYTES);
    }

    @Test
    void whatIsForPeopleOnlyIsNotServed() {
        for (String file : ConsolePage.files().stream()
                .filter(name -> !name.endsWith(".html"))
                .toList()) {
            String slim = new String(ConsolePage.slim(file), StandardCharsets.UTF_8);
            assertThat(slim).as(file).doesNotContain("@param", "@type", "/*", "\n ");
        }
        assertThat(new String(ConsolePage.slim("lib/dom.js"), StandardCharsets.UTF_8))
                .contains("export function h(tag", "export function show(parent");
    }

    @Test
    void nothingIsWrittenInAWayThatMakingItSlimWouldBreak() {
        ConsolePage.files().stream()
                .filter(file -> file.endsWith(".js"))
                .forEach(file -> assertThat(new String(ConsolePage.read(file), StandardCharsets.UTF_8).lines())
                        .as(file)
                        .allMatch(line -> line.chars().filter(c -> c == '`').count() % 2 == 0)
                        .noneMatch(line -> line.matches(".*,[)\\]}].*")));
    }

    @Test
    void modulesNeedNothingFromElsewhere() {
        for (String file : ConsolePage.files()) {
            String text = new String(ConsolePage.read(file), StandardCharsets.UTF_8);
            if (file.endsWith(".js")) {
                assertThat(IMPORT.matcher(text).results().map(found -> found.group(1)))
                        .as(file)
                        .allMatch(from -> from.startsWith("./") || from.startsWith("../"));
            }
            assertThat(text.replace("http://www.w3.org/2000/svg", "")).as(file).doesNotContain("://");
            assertThat(text).as(file).doesNotContain("innerHTML", "eval(", " style=", "onclick=\"");
        }
    }
}
