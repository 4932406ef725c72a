import { afterEach, expect, inject, test } from "vitest";
import { HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { eventOf } from "./support/received.js";
import { StockClient } from "./support/stock-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";
import type { Message } from "@vertx/eventbus-bridge-client.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);

interface Price {
  readonly price: number;
}

afterEach(() => {
  StockClient.closeAll();
});

test("aNewcomerToLatestGetsTheCurrentValueOfEachResource", async () => {
  const address = freshAddress("price");
  for (const [resourceId, price] of [
    ["AAPL", 1],
    ["MSFT", 2],
    ["AAPL", 3],
  ] as const) {
    await quote(address, resourceId, price);
  }

  const client = await open();
  const { events } = await client.subscribe(address);
  await until("current values", () => events.length >= 2);
  await quote(address, "MSFT", 4);
  await until("next value", () => events.length >= 3);

  const [first, second, next] = events.map(quoted);
  expect([first, second]).toEqual(expect.arrayContaining(["AAPL 3", "MSFT 2"]));
  expect(next).toBe("MSFT 4");
});

test("latestIsThinnedAndTheNewestValueComesAtTheEnd", async () => {
  const address = freshAddress("price");
  const client = await open();
  const { events } = await client.subscribe(address);
  const quotes = 300;
  const start = performance.now();

  for (let price = 1; price <= quotes; price += 10) {
    await api.publishAll(
      Array.from({ length: 10 }, (_, i) => ({
        address,
        event: { type: "quoted", resourceId: "AAPL", payload: { price: price + i } },
      })),
    );
  }
  await until("newest value", () =>
    events.some((each) => quoted(each) === `AAPL ${String(quotes)}`),
  );

  // One at once, one for each `every` of 100 ms that went by, and the last one.
  const most = 2 + Math.ceil((performance.now() - start) / 100);
  expect(events.length).toBeLessThanOrEqual(most);
  const prices = events.map((each) => eventOf<Price>(each).payload.price);
  expect(prices).toEqual([...prices].sort((a, b) => a - b));
});

test("aSignalReachesWhoIsThereAndLeavesNothingBehind", async () => {
  const address = freshAddress("cursor");
  const [alice, bob] = [await open(), await open()];
  const { events } = await bob.subscribe(address);

  await alice.send(address, { type: "moved", resourceId: "c1", payload: { x: 1 } });
  await until("signal", () => events.length > 0);

  expect(events.map((message) => eventOf(message).payload)).toEqual([{ x: 1 }]);
  expect(events[0]?.headers?.["position"]).toBeUndefined();
  const late = await open();
  const missed = await late.subscribe(address, { recent: "10" });
  await alice.send(address, { type: "moved", resourceId: "c1", payload: { x: 2 } });
  await until("next signal", () => missed.events.length > 0);
  expect(missed.events.map((message) => eventOf(message).payload)).toEqual([{ x: 2 }]);
});

async function quote(address: string, resourceId: string, price: number): Promise<void> {
  await api.publish(address, { type: "quoted", resourceId, payload: { price } satisfies Price });
}

function quoted(message: Message): string {
  const event = eventOf<Price>(message);
  return `${String(event.resourceId)} ${String(event.payload.price)}`;
}

async function open(): Promise<StockClient> {
  return StockClient.open({ hubUrl, token: signToken({ sub: freshUser("alice") }) });
}
