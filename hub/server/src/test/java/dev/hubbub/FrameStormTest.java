package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run of {@code scripts/fuzz frames}. */
class FrameStormTest {
    @TempDir
    private Path folder;

    @Test
    void nothingThatAClientWritesIsMoreThanItsOwnTrouble() throws Exception {
        assertThat(FrameStorm.run(folder, 20_000, 8)).isEmpty();
    }
}
