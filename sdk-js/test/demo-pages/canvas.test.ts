import { expect, test } from "vitest";
import { apply, hashOf, type Board } from "../../../hub/demo/src/main/web/canvas/board.js";

const empty: Board = new Map();
const event = { id: "e", version: 1, occurredAt: "", actorId: "sarah@acme" } as const;
const created = apply(empty, {
  ...event,
  type: "canvas.note.created",
  resourceId: "n-1",
  resourceVersion: 1,
  payload: { text: "Grüße", color: "blue", x: 10, y: 20 },
});

test("theHashIsTheOneThatTheBackEndComputes", () => {
  expect(hashOf(empty)).toBe("cbf29ce484222325");
  expect(hashOf(created)).toBe("bea017dc9f4373ae");
});

test("whatIsNotThereIsNotMovedAndNothingIsChangedInPlace", () => {
  const move = { ...event, type: "canvas.note.moved", payload: { x: 1, y: 2 } } as const;
  expect(apply(created, { ...move, resourceId: "n-9", resourceVersion: 2 })).toBe(created);
  const moved = apply(created, { ...move, resourceId: "n-1", resourceVersion: 2 });

  expect(moved.get("n-1")).toMatchObject({ x: 1, y: 2, text: "Grüße", version: 2 });
  expect(created.get("n-1")).toMatchObject({ x: 10, y: 20, version: 1 });
});
