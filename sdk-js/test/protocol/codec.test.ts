import { describe, expect, expectTypeOf, test } from "vitest";
import { decodeMessage } from "../../src/protocol/codec.js";
import type { Position, ServerFrame } from "../../src/protocol/frames.js";
import { comparePositions } from "../../src/protocol/position.js";

const event =
  '{"type":"rec","address":"room:1","headers":{"position":"e1.1-a:7"},"body":{"type":"said","payload":{"a":1}}}';

describe("decodeMessage", () => {
  test("readsAnEventWithItsPosition", () => {
    expect(decodeMessage(event)).toEqual([
      {
        type: "rec",
        address: "room:1",
        headers: { position: "e1.1-a:7" },
        body: { type: "said", payload: { a: 1 } },
      },
    ]);
  });

  test("keepsTheOrderOfABatch", () => {
    const batch = `[${event},{"type":"pong"},${event.replace(":7", ":8")}]`;

    expect(decodeMessage(batch).map((frame) => frame.type)).toEqual(["rec", "pong", "rec"]);
  });

  test("refusesWhatIsNoJson", () => {
    expect(() => decodeMessage("{")).toThrow(SyntaxError);
  });
});

test("aSwitchOverTheTypesOfServerFramesIsExhaustive", () => {
  expectTypeOf<ServerFrame["type"]>().toEqualTypeOf<"pong" | "rec" | "err" | undefined>();
});

test.each([
  ["e1.1-a:7", "e1.1-a:8", -1],
  ["e1.1-a:8", "e1.2-b:8", 0],
  ["e1.2-b:10", "e1.1-a:9", 1],
  ["e1.1-a:7", "e2.1-a:7", NaN],
])("positions %s and %s are in this order: %d", (a, b, order) => {
  expect(comparePositions(a as Position, b as Position)).toBe(order);
});
