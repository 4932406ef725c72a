package dev.hubbub.demo.canvas;

import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.Turns;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of one board that is read up to the hub's log when somebody asks, and now and then.
 *
 * <p>Where the hub cannot tell any more what came after the copy, the copy begins anew with what is retained. Used from
 * one event loop.
 */
final class BoardCopy {
    private static final Logger log = LoggerFactory.getLogger(BoardCopy.class);
    private static final int GONE = 410;

    private final String address;
    private final String name;
    private final DemoHub hub;
    private final Turns turns = new Turns();
    private final Board board = new Board();

    BoardCopy(String name, DemoHub hub) {
        this.address = "canvas:" + name + ":board";
        this.name = name;
        this.hub = hub;
    }

    /** Returns the board as it is now: everything that was safe when this was called is in it. */
    Future<JsonObject> snapshot() {
        return catchUp().map(done -> board.snapshot().put("address", address));
    }

    /** Reads what is new. */
    Future<Void> catchUp() {
        return turns.next(this::read);
    }

    private Future<Void> read() {
        return hub.after(address, board.position())
                .compose(this::take)
                .recover(failure -> isGone(failure) ? beginAnew() : Future.failedFuture(failure));
    }

    private Future<Void> take(JsonObject page) {
        JsonArray events = page.getJsonArray("events");
        if (events.isEmpty() && board.position().isEmpty()) {
            return begin();
        }
        events.forEach(each -> {
            JsonObject event = (JsonObject) each;
            board.apply(event, event.getString("position"));
        });
        return page.getBoolean("more") ? read() : Future.succeededFuture();
    }

    /** Nothing was published, or nothing of it is kept: the board gets its first notes. */
    private Future<Void> begin() {
        List<JsonObject> first = FirstNotes.events(name).stream()
                .map(event -> new JsonObject().put("address", address).put("event", event))
                .toList();
        return hub.publishAll(first).compose(safe -> read());
    }

    private Future<Void> beginAnew() {
        log.info("board begins anew address={}", address);
        board.clear();
        return read();
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof DemoException refused && refused.status() == GONE;
    }
}
