package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GcPausesTest {
    private static final GcPauses PAUSES = GcPauses.parse(List.of(
            "[0.010s][info][gc] Using Serial",
            "[1.500s][info][gc] GC(0) Pause Young (Allocation Failure) 157M->66M(365M) 12.636ms",
            "[2.500s][info][gc] GC(1) Concurrent Mark Cycle 20.000ms",
            "[3.500s][info][gc] GC(2) Pause Full (Diagnostic Command) 95M->93M(365M) 460.832ms"));

    @Test
    void onlyPausesCount() {
        assertThat(PAUSES.count()).isEqualTo(2);
        assertThat(PAUSES.longest()).isEqualTo(460.832);
        assertThat(PAUSES.total()).isEqualTo(473.468);
    }

    @Test
    void thoseBeforeTheMeasuredTimeAreLeftOut() {
        assertThat(PAUSES.after(1).millis()).containsExactly(460.832);
        assertThat(PAUSES.after(5).millis()).isEmpty();
    }

    @Test
    void aServerThatKeepsNoLogHasNone() {
        assertThat(GcPauses.read(Path.of("no-such-file"))).isEqualTo(GcPauses.NONE);
        assertThat(GcPauses.NONE.longest()).isZero();
    }
}
