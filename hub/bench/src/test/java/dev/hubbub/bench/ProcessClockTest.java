package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessClockTest {

    private static final String STAT =
            "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 20 30 4000 50 6 7 8 0 0\ncpu1 1 2 3 4 5 6 7 8 9 0\n";

    @Test
    void userAndSystemTimeAreReadBehindAnyProgramName() {
        String stat = "4711 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 1 1 20 0 9 0 100";

        assertThat(ProcessClock.parseProcess(stat)).isEqualTo(3_000_000);
    }

    @Test
    void aCoreIsBusyWithProcessesOnly() {
        assertThat(ProcessClock.parseCore(STAT, 0)).isEqualTo(1_500_000);
        assertThat(ProcessClock.parseCore(STAT, 1)).isEqualTo(60_000);
    }

    @Test
    void aCoreThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> ProcessClock.parseCore(STAT, 7)).hasMessageContaining("no core 7");
    }

    @Test
    void thisProcessHasUsedTimeAndMemory() {
        long pid = ProcessHandle.current().pid();

        assertThat(ProcessClock.micros(pid)).isPositive();
        assertThat(ProcessClock.residentKib(pid)).isPositive();
    }
}
