package dev.hubbub.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the table of attacks complete: each has a test, or a reason why it does not apply. */
class AttackTableTest {

    @Test
    void everyAttackHasATestOrAReason() {
        List<AttackTable.Row> rows = AttackTable.rows();
        assertThat(rows.stream().map(AttackTable.Row::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, AttackTable.COUNT)
                        .mapToObj(number -> "S" + number)
                        .toList());
        Set<String> tried = tried();
        for (AttackTable.Row row : rows) {
            if (row.isTested()) {
                assertThat(tried).as("no test tries " + row.number()).contains(row.number());
            } else {
                assertThat(row.held())
                        .as(row.number())
                        .startsWith("does not apply")
                        .hasSizeGreaterThan(40);
                assertThat(tried).as("a test tries what does not apply").doesNotContain(row.number());
            }
        }
    }

    private static Set<String> tried() {
        JavaClasses tests = new ClassFileImporter().importPackages("dev.hubbub");
        Set<String> numbers = new TreeSet<>();
        tests.forEach(one -> {
            for (JavaMethod method : one.getMethods()) {
                method.tryGetAnnotationOfType(Attack.class)
                        .ifPresent(attack -> numbers.addAll(List.of(attack.value())));
            }
        });
        return numbers;
    }
}
