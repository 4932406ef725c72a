package dev.hubbub.attack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that tries an attack of the table in {@code hub/docs/security.md}.
 *
 * <p>What came of it is written to {@code target/attacks.md} when the run ends; {@code scripts/attacks} runs all.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Tag("attack")
@ExtendWith(AttackReport.class)
public @interface Attack {
    /** Numbers of the table, such as {@code S17}. */
    String[] value();
}
