package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.util.Map;
import java.util.Optional;

/**
 * Counts of one address's log.
 *
 * @param address the address
 * @param kind what it keeps
 * @param events how many events are retained
 * @param bytes their JSON, in bytes
 * @param first the place of the oldest retained event; empty when none is
 * @param last the head of the log; empty when nothing was ever appended
 * @param types how many retained events there are of each type; events without a type are not counted
 */
public record LogInfo(
        Address address,
        DeliveryKind kind,
        int events,
        long bytes,
        Optional<Position> first,
        Optional<Position> last,
        Map<String, Integer> types) {

    /** Copies the counts. */
    public LogInfo {
        types = Map.copyOf(types);
    }
}
