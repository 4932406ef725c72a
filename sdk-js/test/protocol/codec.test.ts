import { describe, expect, expectTypeOf, test } from "vitest";
import { decodeMessage, encodeBatch, encodeFrame } from "../../src/protocol/codec.js";
import { FrameError } from "../../src/protocol/errors.js";
import type { ClientFrame, ServerFrame } from "../../src/protocol/frames.js";

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

  test("readsEveryKindOfFrame", () => {
    const refusal = {
      type: "err",
      address: "room:1",
      failureCode: 4,
      failureType: "POSITION_LOST",
      message: "too old",
      details: { position: "e2.1-a:0", reason: "epoch" },
    };
    const notice = {
      event: "hub.subscribed",
      message: { address: "room:1", position: "e1.1-a:7" },
    };

    expect(decodeMessage('{"type":"pong"}')).toEqual([{ type: "pong" }]);
    expect(decodeMessage(JSON.stringify(refusal))).toEqual([refusal]);
    expect(decodeMessage(JSON.stringify(notice))).toEqual([notice]);
  });

  test("keepsTheOrderOfABatch", () => {
    const batch = `[${event},{"type":"pong"},${event.replace(":7", ":8")}]`;

    expect(decodeMessage(batch).map((frame) => frame.type)).toEqual(["rec", "pong", "rec"]);
  });

  test("takesABodyThatIsNullForABody", () => {
    expect(decodeMessage('{"type":"rec","address":"a","body":null}')).toEqual([
      { type: "rec", address: "a", body: null },
    ]);
  });

  test("givesARefusalWithoutDetailsEmptyOnes", () => {
    const text =
      '{"type":"err","address":"a","failureCode":1,"failureType":"ACCESS_DENIED","message":"no"}';

    expect(decodeMessage(text)).toMatchObject([{ failureType: "ACCESS_DENIED", details: {} }]);
  });

  test("leavesOutAFrameOfATypeThatANewerHubAdded", () => {
    expect(decodeMessage(`[{"type":"hello","address":"a"},${event}]`)).toHaveLength(1);
  });

  test.each([
    ["no JSON", "{"],
    ["a number", "7"],
    ["an array in an array", "[[]]"],
    ["rec without an address", '{"type":"rec","body":1}'],
    ["rec without a body", '{"type":"rec","address":"a"}'],
    [
      "rec with headers that are no texts",
      '{"type":"rec","address":"a","body":1,"headers":{"n":1}}',
    ],
    ["err without a number", '{"type":"err","address":"a","failureType":"X","message":"m"}'],
    ["neither type nor event", '{"address":"a"}'],
    ["a notice without a message", '{"event":"hub.subscribed"}'],
  ])("refuses %s", (_, text) => {
    expect(() => decodeMessage(text)).toThrow(FrameError);
  });

  test("neverRepeatsTheTextThatItRefuses", () => {
    expect(() => decodeMessage('{"token":"secret"')).toThrow(/^(?!.*secret)/);
  });
});

describe("encode", () => {
  const ping: ClientFrame = { type: "ping" };
  const register: ClientFrame = { type: "register", address: "a", headers: { notices: "true" } };

  test("writesWhatTheStockClientWrites", () => {
    expect(encodeFrame(register)).toBe(
      '{"type":"register","address":"a","headers":{"notices":"true"}}',
    );
  });

  test("putsAnArrayAroundSeveralFramesOnly", () => {
    expect(encodeBatch([ping])).toBe('{"type":"ping"}');
    expect(encodeBatch([ping, ping])).toBe('[{"type":"ping"},{"type":"ping"}]');
    expect(() => encodeBatch([])).toThrow(RangeError);
  });
});

test("aSwitchOverTheTypesOfServerFramesIsExhaustive", () => {
  expectTypeOf<ServerFrame["type"]>().toEqualTypeOf<"pong" | "rec" | "err" | undefined>();
});
