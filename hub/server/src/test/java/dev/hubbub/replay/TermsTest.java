package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermsTest {

    @Test
    void aTermHoldsTheOffsetsFromItsStartToTheNextOnes() {
        Terms terms = new Terms("A");
        terms.enter("A", 1);
        terms.enter("B", 4);
        assertThat(terms.current()).isEqualTo("2-B");
        assertThat(terms.contains("1-A", 0, 6)).isTrue();
        assertThat(terms.contains("1-A", 3, 6)).isTrue();
        assertThat(terms.contains("1-A", 4, 6)).isFalse();
        assertThat(terms.contains("2-B", 3, 6)).isFalse();
        assertThat(terms.contains("2-B", 4, 6)).isTrue();
        assertThat(terms.contains("2-B", 6, 6)).isTrue();
        assertThat(terms.contains("2-B", 7, 6)).isFalse();
        assertThat(terms.contains("2-A", 5, 6)).isFalse();
    }

    @Test
    void anOwnerThatComesBackBeginsATermOfItsOwn() {
        Terms terms = new Terms("A");
        terms.enter("B", 2);
        terms.enter("A", 3);
        assertThat(terms.current()).isEqualTo("3-A");
        assertThat(terms.contains("1-A", 3, 3)).isFalse();
    }

    @Test
    void onlyTheNewestTermsAreRememberedAndNumbersGoOn() {
        Terms terms = new Terms("o1");
        for (int i = 2; i <= Terms.KEPT + 2; i++) {
            terms.enter("o" + i, i);
        }
        assertThat(terms.current()).isEqualTo("18-o18");
        assertThat(terms.contains("2-o2", 2, 18)).isFalse();
        assertThat(terms.contains("3-o3", 3, 18)).isTrue();
    }
}
