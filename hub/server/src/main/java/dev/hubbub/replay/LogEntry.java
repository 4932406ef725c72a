package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.Optional;

/** One retained event; its frame is encoded again when somebody reads it, so that its JSON is held once. */
record LogEntry(
        long offset, String term, long arrivedAtMillis, EventContent content, Optional<ConnectionId> notBackTo) {

    int bytes() {
        return content.json().length();
    }

    Position position(String epoch) {
        return new Position(epoch, term, offset);
    }

    EventFrame frame(Address address, String epoch) {
        return new EventFrame(address, Optional.of(position(epoch)), content, notBackTo);
    }

    void write(WireWriter out) {
        out.number(offset);
        out.text(term);
        out.number(arrivedAtMillis);
        ReplayShapes.content(out, content);
        ReplayShapes.connection(out, notBackTo);
    }

    static LogEntry read(WireReader in) {
        return new LogEntry(in.number(), in.text(), in.number(), ReplayShapes.content(in), ReplayShapes.connection(in));
    }
}
