import { model, signal, type HubError, type Position } from "@hubbub/client";
import { fill, h, label, onceAFrame } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import {
  apply,
  boardSize,
  hashOf,
  type Board,
  type BoardEvents,
  type Note,
  type Place,
} from "./board.ts";
import { noteSize, noteView, svg, type NoteView } from "./note-view.ts";

/** Where somebody's pointer is, and what they are dragging. */
interface Hand extends Place {
  readonly name: string;
  readonly note?: { readonly id: string } & Place;
}

interface Loaded {
  readonly notes: readonly Omit<Note, "version">[];
  readonly versions: Readonly<Record<string, number>>;
  readonly position?: Position;
  readonly hash: string;
}

const pane = await openPane<BoardEvents>("canvas");
const { hub, space, handle } = pane;
const colors = ["yellow", "blue", "green", "pink", "violet"];
const step = 20;
const isEditor = pane.claims["role"] === "editor";
const views = new Map<string, NoteView>();
let dragged:
  { readonly id: string; readonly dx: number; readonly dy: number; at: Place } | undefined;
let conflict:
  | { readonly id: string; readonly text: string; readonly version: number; readonly tried: string }
  | undefined;
let pending = 0;
let snapshots = 0;

const toast = h("p", { class: "banner", role: "alert", hidden: true });
const ghosts = svg("g", { class: "ghosts", "aria-hidden": "true" });
const notes = svg("g");
const canvas = svg(
  "svg",
  {
    viewBox: `0 0 ${String(boardSize.width)} ${String(boardSize.height)}`,
    class: "board",
    role: "group",
    "aria-label": "Board",
  },
  notes,
  ghosts,
);
const text = h("input", {
  id: "text",
  class: "grow",
  placeholder: "A new note",
  maxLength: 80,
  autocomplete: "off",
});
const form = h(
  "form",
  { class: "row" },
  label("Text of a new note", "text"),
  text,
  h("button", { class: "primary" }, "Add"),
);
const facts = h("dl", { class: "facts" });
const help = h(
  "p",
  { class: "dim help" },
  "Drag a note, or focus one: arrow keys move it, Delete removes it.",
);
pane.root.append(canvas, h("div", { class: "told" }, toast, help), form, facts);

const hands = signal<Hand>(hub, `canvas:${space}:live`, "hand", { every: 33, ttl: 3_000 });
const board = model<Board, BoardEvents>(hub, `canvas:${space}:board`, {
  async load() {
    const { notes: all, versions, position } = await pane.get<Loaded>("/board");
    snapshots++;
    const state = new Map(
      all.map((note) => [note.id, { ...note, version: versions[note.id] ?? 0 }]),
    );
    return { state, versions, position };
  },
  apply,
});

/** Makes a change: shown at once, and for good when the hub takes it. */
async function change<Type extends keyof BoardEvents>(
  type: Type,
  id: string,
  payload: BoardEvents[Type],
  tried: string,
): Promise<string> {
  const before = board.get()?.get(id)?.text ?? "A note";
  pending++;
  draw();
  try {
    // A new note has no version yet, so it brings its first one along.
    const send =
      type === "canvas.note.created"
        ? (event: string) =>
            hub.publish(`canvas:${space}:board`, type, payload, {
              id: event,
              resourceId: id,
              resourceVersion: 1,
            })
        : undefined;
    await board.mutate(type, payload, { resourceId: id, send }).done;
    return `${pane.name}'s change is safe.`;
  } catch (failure) {
    const { code, message, details } = failure as HubError;
    if (code === "STALE_VERSION") {
      conflict = { id, text: before, version: Number(details["currentVersion"]), tried };
      return `${pane.name} was refused: ${message}.`;
    }
    const why = code === "ACCESS_DENIED" ? `${message}, ${await reason()}` : message;
    say(`Refused: ${why}.`);
    return `${pane.name} was refused: ${why}.`;
  } finally {
    pending--;
    draw();
  }
}

/** Which rule says no, in the rule's own words. */
async function reason(): Promise<string> {
  const { rule, expression } = await pane.explain(`canvas:${space}:board`, "publish");
  return `for the rule ${rule ?? ""} asks for ${expression ?? "more"}`;
}

const move = (id: string, to: Place): Promise<string> =>
  change("canvas.note.moved", id, within(to), "move");

function within({ x, y }: Place): Place {
  const clamp = (value: number, most: number): number =>
    Math.round(Math.max(0, Math.min(most, value)));
  return {
    x: clamp(x, boardSize.width - noteSize.width),
    y: clamp(y, boardSize.height - noteSize.height),
  };
}

function say(words: string): void {
  toast.hidden = false;
  help.hidden = true;
  toast.textContent = words;
}

/** Tells a conflict, and who was first as soon as their event is here. */
function tellConflict(): void {
  if (conflict) {
    const { id, text: what, version, tried } = conflict;
    const note = board.get()?.get(id);
    const who =
      note && note.version >= version && note.by !== undefined ? name(note.by) : "Somebody";
    say(
      note
        ? `${who} changed “${what}” first: your ${tried} was refused, and you see version ${String(note.version)}.`
        : `“${what}” was deleted first: your ${tried} was refused.`,
    );
  }
}

function name(user: string): string {
  const short = user.split("@")[0] ?? "";
  return short.charAt(0).toUpperCase() + short.slice(1);
}

const draw = onceAFrame(() => {
  const state: Board = board.get() ?? new Map();
  for (const [id, view] of views) {
    if (!state.has(id)) {
      view.element.remove();
      views.delete(id);
    }
  }
  for (const [id, note] of state) {
    let view = views.get(id);
    if (!view) {
      view = noteView(id);
      views.set(id, view);
      notes.append(view.element);
    }
    view.draw(note, dragged?.id === id ? dragged.at : note, dragged?.id === id);
  }
  const others = [...hands.get().values()].map(({ value }) => value);
  ghosts.replaceChildren(
    ...others.flatMap(({ note }) =>
      note ? [svg("rect", { x: note.x, y: note.y, ...noteSize, rx: 10, class: "ghost" })] : [],
    ),
    ...others.map(({ x, y, name: who }) =>
      svg(
        "g",
        { transform: `translate(${String(x)} ${String(y)})`, class: "hand" },
        svg("path", { d: "M0 0 L0 22 L6 17 L14 26 L18 22 L10 14 L17 13 Z" }),
        svg("text", { x: 20, y: 26 }, who),
      ),
    ),
  );
  tellConflict();
  const fact = (term: string, value: string): Node =>
    h("div", {}, h("dt", {}, term), h("dd", { data: { fact: term } }, value));
  fill(
    facts,
    fact("Board hash", hashOf(state)),
    fact("Notes", String(state.size)),
    fact("Pending", String(pending)),
    fact("Snapshots", String(snapshots)),
  );
});
board.subscribe(draw);
hands.subscribe(draw);

/** Where a pointer is, in the board's own units. */
function place({ clientX, clientY }: PointerEvent): Place {
  const box = canvas.getBoundingClientRect();
  const scale = boardSize.width / box.width;
  return { x: (clientX - box.left) * scale, y: (clientY - box.top) * scale };
}

canvas.onpointerdown = (event) => {
  const id = (event.target as Element).closest<SVGGElement>("[data-note]")?.dataset["note"] ?? "";
  const note = board.get()?.get(id);
  if (note) {
    const at = place(event);
    dragged = { id, dx: at.x - note.x, dy: at.y - note.y, at: note };
    canvas.setPointerCapture(event.pointerId);
    conflict = undefined;
    toast.hidden = true;
    help.hidden = false;
  }
};
canvas.onpointermove = (event) => {
  const at = place(event);
  const rounded = { x: Math.round(at.x), y: Math.round(at.y) };
  if (dragged) {
    dragged.at = within({ x: at.x - dragged.dx, y: at.y - dragged.dy });
    draw();
  }
  if (isEditor) {
    const note = dragged && { id: dragged.id, ...dragged.at };
    hands.send({ ...rounded, name: pane.name, ...(note && { note }) });
  }
};
canvas.onpointerup = canvas.onpointercancel = () => {
  if (dragged) {
    const { id, at } = dragged;
    const note = board.get()?.get(id);
    dragged = undefined;
    hands.stop();
    if (note && (note.x !== at.x || note.y !== at.y)) {
      void move(id, at);
    }
    draw();
  }
};
canvas.onpointerleave = () => {
  hands.stop();
};
canvas.onkeydown = (event) => {
  const id = (event.target as SVGElement).dataset["note"] ?? "";
  const note = board.get()?.get(id);
  const [dx, dy] = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }[event.key] ?? [0, 0];
  if (note && (dx !== 0 || dy !== 0)) {
    event.preventDefault();
    void move(id, { x: note.x + (dx ?? 0), y: note.y + (dy ?? 0) });
  } else if (note && event.key === "Delete") {
    void change("canvas.note.deleted", id, {}, "deletion");
  }
};
form.onsubmit = (event) => {
  event.preventDefault();
  if (text.value.trim() !== "") {
    const color = colors[views.size % colors.length] ?? "yellow";
    void change(
      "canvas.note.created",
      crypto.randomUUID(),
      { text: text.value.trim(), color, x: 40 + ((views.size * 70) % 700), y: 470 },
      "note",
    );
    text.value = "";
  }
};

handle.actions.set("drop", () =>
  move("conflict", pane.name === "Sarah" ? { x: 120, y: 420 } : { x: 520, y: 250 }),
);
handle.actions.set("nudge", () => {
  const note = board.get()?.get("welcome");
  return note
    ? move("welcome", { x: (note.x + 90) % 700, y: note.y })
    : Promise.resolve("The note is gone.");
});
handle.actions.set("delete", () => change("canvas.note.deleted", "arrows", {}, "deletion"));
handle.actions.set("move", () => move("arrows", { x: 420, y: 200 }));
handle.actions.set("touch", () => move("viewer", { x: 600, y: 200 }));
handle.actions.set("lose", () => {
  handle.lab.dropNext("canvas.note.moved");
  return Promise.resolve(`${pane.name} will lose the next move.`);
});
handle.actions.set("compare", async () => {
  const { hash } = await pane.get<Loaded>("/board");
  return `The back end's board has the hash ${hash}, ${pane.name}'s has ${hashOf(board.get() ?? new Map())}.`;
});
