package dev.hubbub.demo.canvas;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A board as the events of its address make it.
 *
 * <p>The hub refuses a change of a version that is not new, so that whoever takes the same events in has the same
 * board: the pages, and this copy that serves snapshots. At most {@value #NOTES} notes; a further one is not taken in.
 * Of the notes that were deleted the versions of the last {@value #GONE} are known. Belongs to one event loop.
 */
final class Board {
    static final int NOTES = 500;
    static final int GONE = 1_000;

    private final Map<String, Note> notes = new TreeMap<>();
    private final Map<String, Long> gone = new LinkedHashMap<>();
    private String position = "";

    /**
     * Takes in what happened.
     *
     * @param event as subscribers get it
     * @param at its position
     */
    void apply(JsonObject event, String at) {
        position = at;
        String id = event.getString("resourceId", "");
        long version = event.getLong("resourceVersion", 0L);
        if (version == 0) {
            return;
        }
        JsonObject payload = event.getJsonObject("payload", new JsonObject());
        switch (event.getString("type", "")) {
            case "canvas.note.created" -> create(id, version, payload);
            case "canvas.note.moved" ->
                find(id).ifPresent(note ->
                        notes.put(id, note.movedTo(payload.getInteger("x"), payload.getInteger("y"), version)));
            case "canvas.note.edited" ->
                find(id).ifPresent(note -> notes.put(id, note.saying(payload.getString("text"), version)));
            case "canvas.note.deleted" -> delete(id, version);
            default -> {
                // Another type says nothing about the board.
            }
        }
    }

    private void create(String id, long version, JsonObject payload) {
        if (notes.size() < NOTES) {
            gone.remove(id);
            notes.put(
                    id,
                    new Note(
                            id,
                            payload.getString("text"),
                            payload.getString("color"),
                            payload.getInteger("x"),
                            payload.getInteger("y"),
                            version));
        }
    }

    private void delete(String id, long version) {
        if (notes.remove(id) != null) {
            gone.put(id, version);
            if (gone.size() > GONE) {
                gone.remove(gone.keySet().iterator().next());
            }
        }
    }

    Optional<Note> find(String id) {
        return Optional.ofNullable(notes.get(id));
    }

    Collection<Note> notes() {
        return notes.values();
    }

    /** Returns the position of the last event that was taken in; empty before the first. */
    String position() {
        return position;
    }

    /** Begins anew, before the events of another log are taken in. */
    void clear() {
        notes.clear();
        gone.clear();
        position = "";
    }

    /** Returns the 64-bit FNV-1a of all notes, by id: the same in every pane that has the same board. */
    String hash() {
        long hash = 0xcbf29ce484222325L;
        for (Note note : notes.values()) {
            String text = note.canonical() + "\n";
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
        }
        return String.format("%016x", hash);
    }

    /** Returns what a page loads: the notes, the versions of all that is known, and up to where they go. */
    JsonObject snapshot() {
        JsonObject versions = new JsonObject();
        gone.forEach(versions::put);
        JsonArray all = new JsonArray();
        notes.values().forEach(note -> {
            all.add(note.toJson());
            versions.put(note.id(), note.version());
        });
        JsonObject snapshot =
                new JsonObject().put("notes", all).put("versions", versions).put("hash", hash());
        return position.isEmpty() ? snapshot : snapshot.put("position", position);
    }
}
