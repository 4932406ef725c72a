package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run of {@code scripts/fuzz frames}. */
class FrameStormTest {
    /** Beside other tests a loop stands when the machine gives it no time, which is no fault of the node. */
    private static final long PATIENT_MILLIS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void nothingThatAClientWritesIsMoreThanItsOwnTrouble() throws Exception {
        assertThat(FrameStorm.run(folder, 20_000, 8, PATIENT_MILLIS)).isEmpty();
    }
}
