package dev.hubbub.ops;

import dev.hubbub.auth.Caller;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.messaging.Recipient;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.ServerFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operator following an address: frames as lines of JSON; confined to the listener's event loop. */
final class TailStream implements Recipient {
    private static final Logger log = LoggerFactory.getLogger(TailStream.class);

    private final ConnectionId connection;
    private final Caller operator;
    private final HttpServerResponse response;
    private final TailView view;

    TailStream(ConnectionId connection, Caller operator, HttpServerResponse response, TailView view) {
        this.connection = connection;
        this.operator = operator;
        this.response = response;
        this.view = view;
        response.setChunked(true).putHeader("Content-Type", "application/x-ndjson");
    }

    @Override
    public ConnectionId connection() {
        return connection;
    }

    @Override
    public Caller caller() {
        return operator;
    }

    @Override
    public boolean deliver(EventBatch batch) {
        if (response.writeQueueFull()) {
            return false;
        }
        for (EventFrame event : batch.events()) {
            write(view.lines(event.text()));
        }
        return true;
    }

    @Override
    public boolean deliver(ServerFrame presence) {
        return true; // a tail does not ask for rosters
    }

    @Override
    public void notice(Notice notice) {
        // A tail asks for no notices.
    }

    @Override
    public void refuse(Address address, HubException why) {
        JsonObject line = new JsonObject()
                .put("error", why.code().snakeCase())
                .put("message", why.getMessage())
                .put("details", why.details());
        write(TailView.line(line.toBuffer()));
    }

    private void write(Buffer lines) {
        if (lines.length() == 0) {
            return;
        }
        response.write(lines)
                .onFailure(gone -> log.debug("tail ended connection={} reason={}", connection, gone.getMessage()));
    }
}
