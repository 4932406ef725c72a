package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the tables of {@code hub/PROTOCOL.md} in step with the code. */
class ProtocolDocumentTest {

    private static List<String> rows(String pattern) throws IOException {
        String document = Files.readString(Path.of("..", "PROTOCOL.md"), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(document);
        return matcher.results()
                .map(row -> row.group(1) + " " + row.group(2) + (row.groupCount() > 2 ? " " + row.group(3) : ""))
                .toList();
    }

    @Test
    void everyErrorCodeIsInTheDocumentWithItsNumber() throws IOException {
        assertThat(rows("^\\| `([A-Z_]+)` \\| (\\d{1,2}) \\|"))
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code.name() + " " + code.number())
                        .toList());
    }

    @Test
    void everyCloseCodeIsInTheDocumentWithItsNumberAndAdvice() throws IOException {
        assertThat(rows("^\\| `([A-Z_]+)` \\| (\\d{4}) \\| (yes|no) \\|"))
                .containsExactlyElementsOf(Arrays.stream(CloseCode.values())
                        .map(code -> code.name() + " " + code.number() + " " + (code.mayReconnect() ? "yes" : "no"))
                        .toList());
    }
}
