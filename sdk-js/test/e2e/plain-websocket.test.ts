import { afterEach, expect, inject, test } from "vitest";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { PlainSocket } from "./support/plain-socket.js";
import { range } from "./support/received.js";
import { signToken } from "./support/tokens.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);
const sockets: PlainSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.close();
  }
});

test("aPlainSocketGetsOneFrameForEachMessage", async () => {
  const address = freshAddress("room");
  const socket = await open();

  socket.send({ type: "ping" });
  await socket.framesWhere(1, (frame) => frame["type"] === "pong");
  await subscribe(socket, [address]);
  await publishFifty(address);
  await socket.framesWhere(50, isEvent);

  expect(socket.messages.filter((message) => Array.isArray(message))).toEqual([]);
  expect(numbers(socket)).toEqual(range(1, 50));
});

test("aBatchCarriesSeveralFramesInEitherDirection", async () => {
  const [first, second] = [freshAddress("room"), freshAddress("room")];
  const socket = await open("?batch=true");

  const registers = [first, second].map((address) => register(address));
  socket.send(registers);
  await socket.framesWhere(2, (frame) => frame["event"] === "hub.subscribed");
  await publishFifty(first);
  await socket.framesWhere(50, isEvent);

  expect(numbers(socket)).toEqual(range(1, 50));
  const batches = socket.messages.filter((message) => Array.isArray(message));
  expect(batches.some((batch) => batch.length > 1)).toBe(true);
});

test("aFrameThatIsNoJsonIsRefusedAndTheSocketStaysOpen", async () => {
  const socket = await open();

  socket.sendText("{not json");
  const [refusal] = await socket.framesWhere(1, (frame) => frame["type"] === "err");
  expect(refusal).toMatchObject({ failureCode: 5, failureType: "BAD_FRAME" });
  socket.send({ type: "ping" });
  await socket.framesWhere(1, (frame) => frame["type"] === "pong");

  expect(socket.closes).toEqual([]);
});

async function open(query = ""): Promise<PlainSocket> {
  const socket = await PlainSocket.open(hubUrl, signToken({ sub: freshUser("alice") }), query);
  sockets.push(socket);
  return socket;
}

async function subscribe(socket: PlainSocket, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    socket.send(register(address));
  }
  await socket.framesWhere(addresses.length, (frame) => frame["event"] === "hub.subscribed");
}

function register(address: string): object {
  return { type: "register", address, headers: { notices: "true" } };
}

async function publishFifty(address: string): Promise<void> {
  await api.publishAll(countedEvents(1, 50).map((event) => ({ address, event })));
}

function isEvent(frame: Record<string, unknown>): boolean {
  return frame["type"] === "rec";
}

function numbers(socket: PlainSocket): readonly unknown[] {
  return socket
    .frames()
    .filter(isEvent)
    .map((frame) => (frame["body"] as { payload: { n: number } }).payload.n);
}
