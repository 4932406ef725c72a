package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterViewTest {
    private final List<String> joined = new ArrayList<>();
    private final RosterView view = new RosterView(joined::add);

    @Test
    void aRosterReplacesAndChangesAreApplied() {
        view.take(new JsonObject("{\"seq\":7,\"roster\":[{\"user\":\"ann\"},{\"user\":\"bob\"}]}"));
        view.take(new JsonObject("{\"seq\":8,\"changes\":[{\"type\":\"join\",\"user\":\"cho\"},"
                + "{\"type\":\"leave\",\"user\":\"ann\"},{\"type\":\"update\",\"user\":\"bob\"}]}"));

        assertThat(view.users()).containsExactlyInAnyOrder("bob", "cho");
        assertThat(joined).containsExactly("cho");
        assertThat(view.changes()).isEqualTo(3);
        assertThat(view.faults()).isZero();
    }

    @Test
    void aHoleIsAFault() {
        view.take(new JsonObject("{\"seq\":1,\"roster\":[]}"));
        view.take(new JsonObject("{\"seq\":3,\"changes\":[]}"));

        assertThat(view.faults()).isEqualTo(1);
    }
}
