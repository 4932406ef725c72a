import type { AnyEvent } from "@hubbub/client";

/** What can happen on a board; hub.yaml has a contract for each. */
export interface BoardEvents {
  readonly "canvas.note.created": NoteContent & Place;
  readonly "canvas.note.moved": Place;
  readonly "canvas.note.edited": { readonly text: string };
  readonly "canvas.note.deleted": Record<string, never>;
}

/** Where a note is: its left upper corner, on a board of 1000 by 600. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

interface NoteContent {
  readonly text: string;
  readonly color: string;
}

/** A note, with the version of the newest event about it. */
export interface Note extends NoteContent, Place {
  readonly id: string;
  readonly version: number;
  /** Who made the newest event; unknown in a snapshot. */
  readonly by?: string | undefined;
}

/** Notes by id. */
export type Board = ReadonlyMap<string, Note>;

/** The size of a board, in its own units. */
export const boardSize = { width: 1_000, height: 600 } as const;

/** Applies an event to a board, as every pane and the back end do; one about a note that is gone changes nothing. */
export function apply(board: Board, event: AnyEvent<BoardEvents>): Board {
  const { resourceId: id, actorId: by } = event;
  // A new note of this pane has no version before the hub has it.
  const version = event.resourceVersion ?? (event.type === "canvas.note.created" ? 1 : undefined);
  if (id === undefined || version === undefined) {
    return board;
  }
  const next = new Map(board);
  const note = board.get(id);
  switch (event.type) {
    case "canvas.note.created":
      return next.set(id, { ...event.payload, id, version, by });
    case "canvas.note.moved":
    case "canvas.note.edited":
      return note ? next.set(id, { ...note, ...event.payload, version, by }) : board;
    case "canvas.note.deleted":
      next.delete(id);
      return next;
  }
}

/** Computes the 64-bit FNV-1a over all notes, by id: two panes with the same board have the same. */
export function hashOf(board: Board): string {
  let hash = 0xcbf29ce484222325n;
  const notes = [...board.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, version, x, y, color, text } of notes) {
    const line = `${[id, version, x, y, color, text].join(",")}\n`;
    for (let i = 0; i < line.length; i++) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(line.charCodeAt(i))) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, "0");
}
