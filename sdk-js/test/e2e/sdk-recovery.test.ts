import { afterEach, describe, expect, inject, test } from "vitest";
import type { Position } from "../../src/index.js";
import { CuttableProxy } from "./support/cuttable-proxy.js";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { range } from "./support/received.js";
import { closeSdkClients, inState, listen, sdkClient } from "./support/sdk-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);
const proxies: CuttableProxy[] = [];

afterEach(async () => {
  closeSdkClients();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});

describe("nothing is lost and nothing comes twice", () => {
  const troubles: readonly (readonly [string, (proxy: CuttableProxy) => void])[] = [
    [
      "the network resets",
      (proxy) => {
        proxy.cut();
      },
    ],
    [
      "the network goes silent",
      (proxy) => {
        proxy.goSilent();
      },
    ],
    [
      "the network is slow, then resets",
      (proxy) => {
        proxy.slowDown(300);
        setTimeout(() => {
          proxy.cut();
        }, 400);
      },
    ],
  ];

  test.each(troubles)("when %s", async (_, trouble) => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const hub = sdkClient(proxy.url, { token: tokenOf("alice") });
    const { all, subscription } = listen(hub, address);
    await subscription.ready;

    await publish(address, 1, 50);
    await until("events", () => all.length === 50);
    trouble(proxy);
    await publish(address, 51, 50);
    await new Promise((resolve) => setTimeout(resolve, 500));
    proxy.heal();
    hub.wake();
    await publish(address, 101, 50);
    await until(
      "all events",
      () => all.length >= 150,
      () => all.length,
    );
    await publish(address, 151, 1);
    await until("a live event", () => all.length >= 151);

    expect(all).toEqual(range(1, 151));
    expect(subscription.recovered).toBe(true);
  });

  test("whileTheNetworkResetsTwentyTimesUnderLoad", async () => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const hub = sdkClient(proxy.url, { token: () => tokenOf("alice") });
    const other = sdkClient(hubUrl, { token: tokenOf("bob") });
    const { all, subscription } = listen(hub, address);
    await subscription.ready;
    let mine = 0;
    const answers: Promise<unknown>[] = [];
    for (const round of range(1, 20)) {
      for (const n of range(1, 5)) {
        answers.push(hub.publish(address, "counted", { n: 1_000 + ++mine }));
        answers.push(other.publish(address, "counted", { n: round * 5 + n }));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      proxy.reset();
    }
    await Promise.all(answers);
    await until(
      "all events",
      () => all.length >= 200,
      () => all.length,
    );

    expect([...all].sort((a, b) => Number(a) - Number(b))).toEqual([
      ...range(6, 105),
      ...range(1_001, 1_100),
    ]);
    expect(all.filter((n) => Number(n) > 1_000)).toEqual(range(1_001, 1_100));
  });
});

describe("a gap is told", () => {
  test("withASnapshotThatTheEventsFollow", async () => {
    const address = freshAddress("short");
    const proxy = await proxyToTheHub();
    const hub = sdkClient(proxy.url, { token: tokenOf("alice") });
    const snapshot: { position?: Position | undefined } = {};
    const { all, subscription } = listen(hub, address, { onGap: () => snapshot.position });
    await subscription.ready;
    await publish(address, 1, 3);
    await until("events", () => all.length === 3);
    proxy.cut();
    snapshot.position = (await publish(address, 4, 20)).at(17)?.position;
    proxy.heal();
    await until(
      "gap and what follows",
      () => all.length >= 6,
      () => all,
    );
    await publish(address, 24, 1);
    await until(
      "live event",
      () => all.length >= 7,
      () => all,
    );

    expect(all).toEqual([1, 2, 3, "gap retention", 22, 23, 24]);
    expect(subscription.recovered).toBe(false);
  });

  test("forAPositionOfAnotherHistory", async () => {
    const address = freshAddress("room");
    await publish(address, 1, 3);
    const hub = sdkClient(hubUrl, { token: tokenOf("alice") });
    const { all } = listen(hub, address, { position: "0therEpoch.1-n1:2" as Position });
    await until("gap", () => all.length > 0);
    await publish(address, 4, 1);
    await until("event", () => all.length > 1);

    expect(all).toEqual(["gap epoch", 4]);
  });
});

test("subscribersThatComeLaterAskForThePastAndNobodyMissesAnything", async () => {
  const address = freshAddress("room");
  const hub = sdkClient(hubUrl, { token: tokenOf("alice") });
  const early = listen(hub, address);
  await early.subscription.ready;
  const first = await publish(address, 1, 100);
  await until("events", () => early.all.length === 100);
  const publishing = (async () => {
    for (const n of range(101, 300)) {
      await publish(address, n, 1);
    }
  })();
  const recent = listen(hub, address, { recent: 10 });
  const saved = listen(hub, address, { position: first[49]?.position });
  await publishing;
  await until("all", () => [early, recent, saved].every(({ all }) => all.at(-1) === 300));

  expect(early.all).toEqual(range(1, 300));
  expect(saved.all).toEqual(range(51, 300));
  expect(recent.all).toEqual(range(Number(recent.all[0]), 300));
});

test("everyNewcomerOfALatestAddressGetsTheCurrentValues", async () => {
  const address = freshAddress("price");
  const hub = sdkClient(hubUrl, { token: tokenOf("alice") });
  const early = listen(hub, address);
  await early.subscription.ready;
  const values = [1, 2, 3].map((n) => ({
    type: "counted",
    resourceId: `r${String(n)}`,
    payload: { n },
  }));
  await api.publishAll(values.map((event) => ({ address, event })));
  await until("values", () => early.all.length === 3);
  const late = listen(hub, address);
  await until("values", () => late.all.length === 3);

  expect(late.all).toEqual([1, 2, 3]);
  expect(early.all).toEqual([1, 2, 3]);
});

test("threeHundredSubscriptionsComeBackAfterACut", async () => {
  const proxy = await proxyToTheHub();
  const hub = sdkClient(proxy.url, { token: tokenOf("alice") });
  const addresses = range(1, 300).map(() => freshAddress("room"));
  const told = addresses.map((address) => listen(hub, address));
  await Promise.all(told.map(({ subscription }) => subscription.ready));
  proxy.cut();
  await api.publishAll(addresses.map((address) => ({ address, event: countedEvents(1, 1)[0]! })));
  proxy.heal();
  await until("events", () => told.every(({ all }) => all.length === 1));

  expect(told.map(({ all }) => all)).toEqual(addresses.map(() => [1]));
  expect(hub.connection.get().error).toBeUndefined();
});

describe("a token", () => {
  test("thatExpiresIsReplacedWithoutALoss", async () => {
    const address = freshAddress("room");
    const reasons: string[] = [];
    const user = freshUser("alice");
    const hub = sdkClient(hubUrl, {
      token: (reason) => {
        reasons.push(reason);
        return signToken({ sub: user }, reasons.length === 1 ? 2 : 600);
      },
    });
    const { all, subscription } = listen(hub, address);
    await subscription.ready;
    await publish(address, 1, 1);
    await until("second token", () => reasons.length > 1);
    await publish(address, 2, 1);
    await until("event", () => all.length === 2);

    expect(all).toEqual([1, 2]);
    expect(reasons).toEqual(["connect", "expired"]);
  });

  test("thatIsRefreshedKeepsTheConnection", async () => {
    const user = freshUser("alice");
    const reasons: string[] = [];
    const hub = sdkClient(hubUrl, {
      token: (reason) => {
        reasons.push(reason);
        return signToken({ sub: user, role: reason === "refresh" ? "agent" : "guest" });
      },
    });
    const { subscription } = listen(hub, freshAddress("staff"));
    await subscription.ready.catch(() => undefined);
    expect(subscription.state.get()).toBe("denied");
    await hub.refreshToken();
    await until("live", () => subscription.state.get() === "live");

    expect(reasons).toEqual(["connect", "refresh"]);
  });

  test("thatIsBadEndsInDenied", async () => {
    const hub = sdkClient(hubUrl, { token: "bad" });
    hub.connect();
    await inState(hub, "denied");

    expect(hub.connection.get().error).toMatchObject({ code: "NOT_LOGGED_IN" });
  });
});

describe("publishing", () => {
  test("offlineWaitsAndHappensOnceInOrder", async () => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const hub = sdkClient(proxy.url, { token: tokenOf("alice") });
    const { all, subscription } = listen(hub, address);
    await subscription.ready;
    proxy.cut();
    const published = range(1, 100).map((n) => hub.publish(address, "counted", { n }));
    expect(hub.connection.get().queued).toBe(100);
    proxy.heal();
    await Promise.all(published);
    await until("events", () => all.length >= 100);

    expect(all).toEqual(range(1, 100));
  });

  test("tellsWhyItIsRefused", async () => {
    const hub = sdkClient(hubUrl, { token: tokenOf("alice") });

    await expect(hub.publish(freshAddress("short"), "counted", { n: 1 })).rejects.toMatchObject({
      code: "ACCESS_DENIED",
      fix: expect.any(String) as string,
    });
  });

  test("anyJsonWorksByRequest", async () => {
    const address = freshAddress("plain");
    const hub = sdkClient(hubUrl, { token: tokenOf("alice") });
    const bodies: unknown[] = [];
    await hub.subscribe(address, { onEvent: (body) => bodies.push(body) }).ready;

    await expect(hub.request(address, ["any", 1])).resolves.toMatchObject({ duplicate: false });
    await until("body", () => bodies.length > 0);
    expect(bodies).toEqual([["any", 1]]);
  });
});

async function publish(
  address: string,
  first: number,
  count: number,
): Promise<readonly { readonly position?: Position }[]> {
  return api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}

async function proxyToTheHub(): Promise<CuttableProxy> {
  const proxy = await CuttableProxy.start(hubUrl);
  proxies.push(proxy);
  return proxy;
}

function tokenOf(name: string): string {
  return signToken({ sub: freshUser(name) });
}
