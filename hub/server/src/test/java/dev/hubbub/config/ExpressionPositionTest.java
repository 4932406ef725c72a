package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule.Expression;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever an expression stands, a line and a column of its text lead back to the same characters of the file. */
class ExpressionPositionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  - match: x\n    subscribe: first == last",
                "  - { match: x, subscribe: first == last }",
                "  - match: x\n    subscribe: 'first == last'",
                "  - match: x\n    subscribe:   \"first == last\" # why",
                "  - match: x\n    subscribe: |\n      first ==\n      last\n",
                "  - match: x\n    subscribe: |\n      first ==\n        last\n    publish: true\n",
                "  - match: x\n    subscribe: |-\n\n\n         first\n           == last\n",
                "  - match: x\n    subscribe: >\n      first ==\n      last\n",
                "  - match: x\n    subscribe: >2\n        first ==\n      last\n",
                "  - match: x\n    subscribe: first ==\n      last\n",
                "  - match: x\n    subscribe:\n      first ==\n      last\n",
                "  - match: x\n    subscribe: \"first ==\n              last\"\n",
                "  - match: x\r\n    subscribe: |\r\n      first ==\r\n      last\r\n",
            })
    void lineAndColumnOfTheTextLeadBackToTheFile(String rule) {
        String file = "addresses:\n" + rule;
        Expression expression =
                ConfigLoads.load(file).addresses().get(0).subscribe().orElseThrow();
        assertThat(expression.source().replaceAll("\\s+", " ").strip()).isEqualTo("first == last");
        List<String> fileLines = file.lines().toList();
        List<String> lines = expression.source().lines().toList();
        for (String word : List.of("first", "last")) {
            for (int line = 0; line < lines.size(); line++) {
                int column = lines.get(line).indexOf(word);
                if (column >= 0) {
                    SourcePosition at = expression.positionOf(line + 1, column + 1);
                    assertThat(fileLines.get(at.line() - 1).substring(at.column() - 1))
                            .startsWith(word);
                }
            }
        }
        assertThat(expression.positionOf(1, 1)).isEqualTo(expression.at());
    }
}
