package dev.hubbub.permission;

import static dev.hubbub.permission.RulesFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFaultsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claims.sub ==            | 29 | the expression ends too early",
                "claims.sub == foo        | 30 | unknown name \"foo\"; known here: id, claims, connection",
                "id == 5                  | 19 | \"==\" does not go with (string, int)",
                "id                       | 16 | the expression gives string; it must give true or false",
                "size(id)                 | 16 | the expression gives int; it must give true or false",
                "id == '' # 5            | 25 | cannot read # here",
                "id in in                 | 22 | did not expect \"in\" here",
                "id == for                | 22 | \"for\" is a reserved word of the expression language",
                "true && connection.port == id | 34 | connection.port does not exist; a connection has ip and agent",
            })
    void aFaultInAnExpressionIsToldWithItsPlace(String expression, int column, String words) {
        assertThat(rules().subscribe("a:{id}", expression).faults())
                .first()
                .asString()
                .isEqualTo("hub.yaml:11:" + column + ": " + words);
    }

    @Test
    void aFaultOnALaterLineIsToldOnThatLine() {
        assertThat(rules().subscribe("a:{id}", "claims.sub == id &&\n  foo == id")
                        .faults())
                .containsExactly("hub.yaml:12:18: unknown name \"foo\"; known here: id, claims, connection");
    }

    @Test
    void anEmptyExpressionIsAFault() {
        assertThat(rules().subscribe("a:{id}", "  ").faults())
                .containsExactly("hub.yaml:11:16: the expression is empty; write true, false or a condition");
    }

    @Test
    void anExpressionBeyondTheLimitsIsAFault() {
        String longOne = "id == '" + "x".repeat(2_100) + "'";
        String deepOne = "(".repeat(60) + "true" + ")".repeat(60);
        assertThat(rules().subscribe("a:{id}", longOne).faults()).hasSize(1);
        assertThat(rules().subscribe("a:{id}", deepOne).faults()).hasSize(1);
    }

    @Test
    void allFaultsAreToldInTheOrderOfTheFile() {
        assertThat(rules().rule("a:{id", "true", "", "", false)
                        .rule("b:{id}", "nope", "id ==", "", false)
                        .rule("c#", "true", "", "", false)
                        .key("k", false, List.of("x:{"), List.of("y:}"))
                        .faults())
                .containsExactly(
                        "hub.yaml:1:22: this { is never closed",
                        "hub.yaml:2:22: this } closes nothing",
                        "hub.yaml:10:15: this { is never closed",
                        "hub.yaml:21:16: unknown name \"nope\"; known here: id, claims, connection",
                        "hub.yaml:22:21: the expression ends too early",
                        "hub.yaml:30:14: an address cannot have this character; it has A-Z a-z 0-9 _ - . : / @");
    }

    @Test
    void aRuleThatCanNeverMatchIsAFault() {
        assertThat(rules().subscribe("x", "true")
                        .subscribe("a:{id}", "true")
                        .subscribe("b:{id}", "true")
                        .subscribe("a:{other}", "true")
                        .faults())
                .containsExactly("hub.yaml:40:13: rule 4 can never match: rule 2 has the same pattern");
        assertThat(rules().subscribe("a:{rest...}", "true")
                        .subscribe("a:b:{id}", "true")
                        .faults())
                .containsExactly(
                        "hub.yaml:20:13: rule 2 can never match: rule 1 (a:{rest...}) takes all its addresses");
        assertThat(rules().subscribe("a:b", "true")
                        .subscribe("a:{id}", "true")
                        .subscribe("a:{r...}", "true")
                        .faults())
                .isEmpty();
    }
}
