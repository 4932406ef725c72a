import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/protocol/codec.js";
import { errorCodes, isErrorCode } from "../../src/protocol/errors.js";
import type { ClientFrame, Position, ServerFrame } from "../../src/protocol/frames.js";
import { repositoryFile, repositoryPath } from "../support/repository.js";

/** A golden frame; `hub/fixtures/README.md` tells what its members mean. */
interface Fixture {
  readonly name: string;
  readonly direction: "client" | "server";
  readonly text: string;
  readonly frame?: Readonly<Record<string, unknown>>;
}

const fixtures = readdirSync(repositoryPath("hub/fixtures"))
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(repositoryFile(`hub/fixtures/${file}`)) as Fixture);

const fromServer = fixtures.filter((fixture) => fixture.direction === "server");
/** What an application means by the golden frames of clients. */
const written: readonly (readonly [name: string, frame: ClientFrame])[] = [
  ["ping", { type: "ping" }],
  ["register-bare", { type: "register", address: "room:42" }],
  [
    "register-resume",
    {
      type: "register",
      address: "room:42",
      headers: { position: "k3J9.1-n1:17" as Position, notices: "true" },
    },
  ],
  [
    "send",
    {
      type: "send",
      address: "room:42",
      replyAddress: "r-1",
      headers: {},
      body: { type: "message.created", payload: { text: "hi" } },
    },
  ],
  [
    "publish-no-echo",
    {
      type: "publish",
      address: "room:42",
      headers: { echo: "false" },
      body: { type: "typing", payload: {} },
    },
  ],
];

test("thereAreGoldenFramesOfBothDirections", () => {
  expect(fromServer.length).toBeGreaterThan(0);
  expect(fixtures.length).toBeGreaterThan(fromServer.length);
});

describe("a frame of the hub means the same to this side", () => {
  test.each(fromServer)("$name", ({ text, frame }) => {
    expect(decodeMessage(text).map(meaning)).toEqual([frame]);
  });
});

describe("a frame that this side writes is one that the hub reads", () => {
  test.each(written)("%s", (name, frame) => {
    expect(JSON.stringify(frame)).toBe(fixtures.find((fixture) => fixture.name === name)?.text);
  });
});

test("everyRefusalOfTheHubItselfHasTheNumberOfItsName", () => {
  for (const frame of fromServer.flatMap(({ text }) => decodeMessage(text))) {
    // A service that refuses a request has numbers of its own.
    if (frame.type === "err" && frame.failureType !== "RECIPIENT_FAILURE") {
      expect(isErrorCode(frame.failureType) && errorCodes[frame.failureType].number).toBe(
        frame.failureCode,
      );
    }
  }
});

function meaning(frame: ServerFrame): unknown {
  switch (frame.type) {
    case "pong":
      return { kind: "pong" };
    case "err": {
      const { address, failureType, message, details } = frame;
      const about = address === undefined ? {} : { address };
      return { kind: "err", ...about, code: failureType, message, details };
    }
    case "rec":
      return recMeaning(frame.address, frame.body, frame.headers?.position);
    case undefined:
      return { kind: "notice", event: frame.event, message: frame.message };
  }
}

function recMeaning(address: string, body: unknown, position: string | undefined): unknown {
  // Only whoever sent knows which addresses are its replyAddresses; the fixtures call theirs r-….
  const kind = address.startsWith("r-") ? "reply" : "event";
  return { kind, address, ...(position === undefined ? {} : { position }), body };
}
