import { afterEach, describe, expect, inject, test } from "vitest";
import { CuttableProxy } from "./support/cuttable-proxy.js";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { numbersOf, offsetOf, positionOf, range } from "./support/received.js";
import { StockClient, transports, type Received } from "./support/stock-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);
const proxies: CuttableProxy[] = [];

afterEach(async () => {
  StockClient.closeAll();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});

describe("after a cut exactly the missed events come", () => {
  test.each(transports)("over %s", async (transport) => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const client = StockClient.connect({ hubUrl: proxy.url, transport, token: tokenOf("alice") });
    const received: Received = { events: [], refusals: [] };
    client.reconnectByItself();
    client.onOpen = () => {
      const last = received.events.at(-1);
      const resume: Record<string, string> = last ? { position: positionOf(last) } : {};
      client.register(address, { ...resume, notices: "true" }, received);
    };
    await until("subscription", () => client.noticesOf("hub.subscribed", address).length === 1);

    await publish(address, 1, 10);
    await until("events before the cut", () => received.events.length === 10);
    proxy.cut();
    await until("close", () => client.closes.length > 0);
    await publish(address, 11, 25);
    proxy.heal();
    await until(
      "missed events",
      () => received.events.length >= 35,
      () => received.events.length,
    );
    await publish(address, 36, 5);
    await until("live events", () => received.events.length >= 40);

    expect(numbersOf(received.events)).toEqual(range(1, 40));
    expect(received.events.map(offsetOf)).toEqual(range(1, 40));
    expect(received.refusals).toEqual([]);
  });
});

test("eventsPublishedDuringTheResumeAreMergedWithoutHoleOrRepeat", async () => {
  const address = freshAddress("room");
  const [first] = await publish(address, 1, 300);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events } = client.register(address, { position: String(first?.position) });
  for (const n of range(301, 400)) {
    await publish(address, n, 1);
  }
  await until(
    "all events",
    () => events.length >= 399,
    () => events.length,
  );

  expect(numbersOf(events)).toEqual(range(2, 400));
});

test("aPositionThatIsNoLongerRetainedIsToldAndTheSubscriptionGoesOn", async () => {
  const address = freshAddress("short");
  const [first] = await publish(address, 1, 20);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events, refusals } = client.register(address, { position: String(first?.position) });
  await until("refusal", () => refusals.length > 0);
  expect(refusals).toMatchObject([{ failureCode: 4, failureType: "POSITION_LOST" }]);

  const details = lostDetails(client, address);
  expect(details).toMatchObject({ reason: "retention" });
  expect(String(details["position"])).toMatch(/:20$/);
  await publish(address, 21, 2);
  await until("events after the loss", () => events.length >= 2);
  expect(numbersOf(events)).toEqual([21, 22]);
});

test("aPositionOfAnotherHistoryIsLostToo", async () => {
  const address = freshAddress("room");
  await publish(address, 1, 3);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events, refusals } = client.register(address, { position: "0therEpoch.1-n1:2" });
  await until("refusal", () => refusals.length > 0);

  expect(refusals).toMatchObject([{ failureType: "POSITION_LOST" }]);
  expect(lostDetails(client, address)).toMatchObject({ reason: "epoch" });
  await publish(address, 4, 1);
  await until("event", () => events.length > 0);
  expect(numbersOf(events)).toEqual([4]);
});

test("recentGivesTheLatestEventsFirstAndThenTheLiveOnes", async () => {
  const address = freshAddress("room");
  await publish(address, 1, 10);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events } = await client.subscribe(address, { recent: "3" });
  await publish(address, 11, 1);
  await until("events", () => events.length >= 4);

  expect(numbersOf(events)).toEqual([8, 9, 10, 11]);
});

test("withoutPositionOrRecentOnlyLiveEventsCome", async () => {
  const address = freshAddress("room");
  await publish(address, 1, 3);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events } = await client.subscribe(address);
  await publish(address, 4, 1);
  await until("event", () => events.length > 0);

  expect(numbersOf(events)).toEqual([4]);
});

test("noticesSayWhereTheSubscriptionStartsAndHowMuchWasMissed", async () => {
  const address = freshAddress("room");
  const published = await publish(address, 1, 5);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  await client.subscribe(address, { position: String(published[1]?.position) });
  await until("hub.recovered", () => client.noticesOf("hub.recovered", address).length > 0);

  expect(client.noticesOf("hub.recovered", address)).toMatchObject([
    { message: { address, position: published[4]?.position, events: 3 } },
  ]);
  const other = await StockClient.open({ hubUrl, token: tokenOf("bob") });
  await other.subscribe(address);
  expect(other.noticesOf("hub.subscribed", address)).toMatchObject([
    { message: { position: published[4]?.position } },
  ]);
});

test("aClientThatAskedForNoNoticesGetsNone", async () => {
  const address = freshAddress("room");
  await publish(address, 1, 1);
  const client = await StockClient.open({ hubUrl, token: tokenOf("alice") });

  const { events } = client.register(address, { recent: "1" });
  await until("event", () => events.length > 0);
  await publish(address, 2, 1);
  await until("live event", () => events.length > 1);

  expect(client.notices).toEqual([]);
});

/** Publishes `count` events with one call and returns their positions. */
async function publish(
  address: string,
  first: number,
  count: number,
): Promise<readonly { readonly position?: string }[]> {
  return api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}

/** The stock client hands no details to its handlers; a reader of the frame finds them there. */
function lostDetails(client: StockClient, address: string): Readonly<Record<string, unknown>> {
  const frame = client.frames.find((each) => each.type === "err" && each.address === address);
  return frame?.type === "err" ? (frame.details ?? {}) : {};
}

async function proxyToTheHub(): Promise<CuttableProxy> {
  const proxy = await CuttableProxy.start(hubUrl);
  proxies.push(proxy);
  return proxy;
}

function tokenOf(name: string): string {
  return signToken({ sub: freshUser(name) });
}
