import { afterEach, describe, expect, inject, test } from "vitest";
import { freshAddress, freshUser } from "./support/names.js";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { numbersOf } from "./support/received.js";
import { Refused, StockClient, transports } from "./support/stock-client.js";
import { signForeignToken, signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);

afterEach(() => {
  StockClient.closeAll();
});

describe("an address that no rule allows is told to its handler", () => {
  test.each(transports)("over %s", async (transport) => {
    const token = signToken({ sub: freshUser("guest"), role: "guest" });
    const client = await StockClient.open({ hubUrl, transport, token });

    const staff = client.register(freshAddress("staff"));
    const nowhere = client.register(freshAddress("nowhere"));
    await until("two refusals", () => staff.refusals.length + nowhere.refusals.length === 2);

    for (const { refusals } of [staff, nowhere]) {
      expect(refusals).toMatchObject([{ failureCode: 1, failureType: "ACCESS_DENIED" }]);
    }
    expect(client.closes).toEqual([]);
  });
});

test("aDeniedPublishReachesNobodyAndIsAnswered", async () => {
  const address = freshAddress("staff");
  const agent = await StockClient.open({ hubUrl, token: tokenOf("agent") });
  const guest = await StockClient.open({ hubUrl, token: tokenOf("guest") });
  const { events } = await agent.subscribe(address);

  const answer = guest.send(address, countedEvents(1, 1)[0]);
  await expect(answer).rejects.toThrow(Refused);
  await expect(answer).rejects.toThrow("ACCESS_DENIED");

  await agent.send(address, countedEvents(2, 1)[0]);
  await until("the agent's own event", () => events.length > 0);
  expect(numbersOf(events)).toEqual([2]);
});

test("aBadAddressIsRefusedUnderTheNameThatTheClientUsed", async () => {
  const client = await StockClient.open({ hubUrl, token: tokenOf("guest") });

  const { refusals } = client.register("room:with a space");
  await until("refusal", () => refusals.length > 0);

  expect(refusals).toMatchObject([{ failureType: "BAD_ADDRESS" }]);
});

test("aRefreshThatTakesARoleAwayEndsTheSubscription", async () => {
  const [staff, room] = [freshAddress("staff"), freshAddress("room")];
  const user = freshUser("alice");
  const client = await StockClient.open({ hubUrl, token: signToken({ sub: user, role: "agent" }) });
  const witness = await StockClient.open({ hubUrl, token: tokenOf("agent") });
  const mine = await client.subscribe(staff);
  const others = await witness.subscribe(staff);
  const kept = await client.subscribe(room);
  await api.publish(staff, { type: "counted", payload: { n: 1 } });
  await until("first event", () => mine.events.length === 1);

  await client.send("hub.auth", { token: signToken({ sub: user, role: "guest" }) });
  await until("refusal", () => mine.refusals.length > 0);

  expect(mine.refusals).toMatchObject([{ failureCode: 3, failureType: "ACCESS_REVOKED" }]);
  await api.publish(staff, { type: "counted", payload: { n: 2 } });
  await until("event for the witness", () => others.events.length === 2);
  // Whatever was on its way to this socket is there before the event of another address.
  await api.publish(room, { type: "counted", payload: { n: 3 } });
  await until("event of the address that stays", () => kept.events.length === 1);
  expect(numbersOf(mine.events)).toEqual([1]);
  expect(client.closes).toEqual([]);
});

test("aRefreshThatKeepsTheRightsKeepsTheSubscription", async () => {
  const address = freshAddress("staff");
  const user = freshUser("alice");
  const client = await StockClient.open({ hubUrl, token: signToken({ sub: user, role: "agent" }) });
  const { events, refusals } = await client.subscribe(address);

  await client.send("hub.auth", { token: signToken({ sub: user, role: "agent" }) });
  await api.publish(address, { type: "counted", payload: { n: 1 } });
  await until("event", () => events.length > 0);

  expect(refusals).toEqual([]);
});

test("aTokenInTheFirstFrameIsAsGoodAsOneInTheAddress", async () => {
  const address = freshAddress("room");
  const client = await StockClient.open({ hubUrl });

  await client.send("hub.auth", { token: tokenOf("guest") });
  const { events } = await client.subscribe(address);
  await api.publish(address, { type: "counted", payload: { n: 1 } });

  await until("event", () => events.length > 0);
});

describe("an expired token closes the connection with 4401", () => {
  test.each(transports)("over %s", async (transport) => {
    const token = signToken({ sub: freshUser("alice") }, 3);
    const client = await StockClient.open({ hubUrl, transport, token });
    await client.subscribe(freshAddress("room"));

    expect(await client.closed()).toMatchObject({ code: 4401 });
  });
});

describe("a token that cannot be believed is refused with a frame and 4401", () => {
  test.each(transports)("over %s", async (transport) => {
    const token = signForeignToken({ sub: freshUser("mallory") });
    const client = StockClient.connect({ hubUrl, transport, token });

    const closed = await client.closed();
    expect(closed, JSON.stringify([closed, client.frames])).toMatchObject({ code: 4401 });
    expect(client.errors).toMatchObject([{ failureCode: 2, failureType: "NOT_LOGGED_IN" }]);
  });

  test("also when it had been good and has expired", async () => {
    const token = signToken({ sub: freshUser("alice") }, -30);
    const client = StockClient.connect({ hubUrl, token });

    expect(await client.closed()).toMatchObject({ code: 4401 });
  });
});

function tokenOf(role: string): string {
  return signToken({ sub: freshUser(role), role });
}
