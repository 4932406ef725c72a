import { randomUUID } from "node:crypto";
import { afterEach, expect, inject, test } from "vitest";
import type { Published } from "../../src/index.js";
import { HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { eventOf, numbersOf, positionOf } from "./support/received.js";
import { StockClient } from "./support/stock-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);

afterEach(() => {
  StockClient.closeAll();
});

test("aSendIsAnsweredWithTheEventsIdAndPosition", async () => {
  const address = freshAddress("room");
  const client = await openAs(freshUser("alice"));
  const { events } = await client.subscribe(address);

  const answer = await client.send(address, { type: "said", payload: { n: 1 } });
  await until("event", () => events.length > 0);

  const [message] = events;
  expect(answer.body).toEqual({
    id: message && eventOf(message).id,
    position: positionOf(message),
    duplicate: false,
  });
});

test("theSameIdAgainIsTheSameEvent", async () => {
  const address = freshAddress("room");
  const client = await openAs(freshUser("alice"));
  const { events } = await client.subscribe(address);
  const event = { id: randomUUID(), type: "said", payload: { n: 1 } };

  const first = (await client.send(address, event)).body as Published;
  const again = (await client.send(address, event)).body as Published;
  await client.send(address, { type: "said", payload: { n: 2 } });
  await until("events", () => events.length >= 2);

  expect(first).toMatchObject({ id: event.id, duplicate: false });
  expect(again).toEqual({ ...first, duplicate: true });
  expect(numbersOf(events)).toEqual([1, 2]);
});

test("theSameIdWithAnotherPayloadIsRefused", async () => {
  const address = freshAddress("room");
  const client = await openAs(freshUser("alice"));
  const id = randomUUID();
  await client.send(address, { id, type: "said", payload: { n: 1 } });

  const answer = client.send(address, { id, type: "said", payload: { n: 2 } });

  await expect(answer).rejects.toThrow("BAD_EVENT");
});

test("anIdempotencyKeyMakesARetryOverHttpSafe", async () => {
  const address = freshAddress("room");
  const headers = { "idempotency-key": randomUUID() };

  const first = await api.publish(address, { type: "said", payload: 1 }, headers);
  const again = await api.publish(address, { type: "said", payload: 1 }, headers);

  expect(first.duplicate).toBe(false);
  expect(again).toEqual({ ...first, duplicate: true });
});

test("theActorIsTheTokensUserWhateverTheClientSays", async () => {
  const address = freshAddress("room");
  const user = freshUser("alice");
  const client = await openAs(user);
  const { events } = await client.subscribe(address);

  await client.send(address, { type: "said", actorId: "mallory", payload: {} });
  await until("event", () => events.length > 0);

  expect(events.map((message) => eventOf(message).actorId)).toEqual([user]);
});

test("theHubFillsInWhatThePublisherLeftOut", async () => {
  const address = freshAddress("room");
  const client = await openAs(freshUser("alice"));
  const { events } = await client.subscribe(address);
  const before = Date.now();

  await api.publish(address, { type: "said", payload: { n: 1 } });
  await until("event", () => events.length > 0);

  const event = events[0] && eventOf(events[0]);
  expect(event).toMatchObject({ type: "said", version: 1, payload: { n: 1 } });
  expect(event?.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(Math.abs(Date.parse(String(event?.occurredAt)) - before)).toBeLessThan(60_000);
});

test("echoFalseComesBackToEverybodyElse", async () => {
  const address = freshAddress("room");
  const [alice, bob] = [await openAs(freshUser("alice")), await openAs(freshUser("bob"))];
  const mine = await alice.subscribe(address);
  const others = await bob.subscribe(address);

  alice.publish(address, { type: "said", payload: { n: 1 } }, { echo: "false" });
  await alice.send(address, { type: "said", payload: { n: 2 } }, { echo: "false" });
  await alice.send(address, { type: "said", payload: { n: 3 } });
  await until("events", () => others.events.length >= 3 && mine.events.length >= 1);

  expect(numbersOf(others.events)).toEqual([1, 2, 3]);
  expect(numbersOf(mine.events)).toEqual([3]);
});

test("anAppForTheStockBridgeMayPublishAnyBody", async () => {
  const address = freshAddress("plain");
  const client = await openAs(freshUser("alice"));
  const { events } = await client.subscribe(address);
  const bodies = ["text", 7, null, [1, "a"], { free: { form: true } }];

  for (const body of bodies) {
    client.publish(address, body);
  }
  await until("events", () => events.length >= bodies.length);

  expect(events.map((message) => message.body)).toEqual(bodies);
});

test("anUnregisteredHandlerHearsNothingMore", async () => {
  const [left, kept] = [freshAddress("room"), freshAddress("room")];
  const client = await openAs(freshUser("alice"));
  const witness = await openAs(freshUser("bob"));
  const gone = await client.subscribe(left);
  const stays = await client.subscribe(kept);
  const others = await witness.subscribe(left);

  client.unregister(left);
  // Frames of one socket are handled in their order: once this is answered, the unregister was.
  await client.send(kept, { type: "said", payload: { n: 1 } });
  await api.publish(left, { type: "said", payload: { n: 2 } });
  await until("event for the witness", () => others.events.length === 1);
  await client.send(kept, { type: "said", payload: { n: 3 } });
  await until("events", () => stays.events.length === 2);

  expect(gone.events).toEqual([]);
  const frames = client.frames.filter((frame) => frame.type === "rec" && frame.address === left);
  expect(frames).toEqual([]);
});

async function openAs(user: string): Promise<StockClient> {
  return StockClient.open({ hubUrl, token: signToken({ sub: user }) });
}
