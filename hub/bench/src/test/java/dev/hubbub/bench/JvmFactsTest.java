package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmFactsTest {

    @Test
    void theCollectorInUseIsToldFromOtherFlags() {
        String said = """
                     bool UseG1GC                                  = false                                     {product} {default}
                     bool UseMaximumCompactionOnSystemGC           = true                                      {product} {default}
                     bool UseSerialGC                              = true                                      {product} {ergonomic}
                openjdk version "17.0.15" 2025-04-15
                """;

        assertThat(JvmFacts.parse(said)).isEqualTo(new JvmFacts("17.0.15", "Serial"));
    }
}
