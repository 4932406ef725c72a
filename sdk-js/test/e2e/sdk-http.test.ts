import { afterEach, describe, expect, inject, test } from "vitest";
import { eventStream, sockJs } from "../../src/http.js";
import { webSocket, type Transport } from "../../src/index.js";
import { WebSocket } from "ws";
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

const ways: readonly (readonly [string, Transport])[] = [
  ["event streams and posts", eventStream()],
  ["SockJS streaming", sockJs()],
  ["SockJS polling", sockJs({ poll: true })],
];

describe.each(ways)("over %s", (_, transport) => {
  test("nothingIsLostOrDoubledThroughResetsAndSilence", async () => {
    const address = freshAddress("room");
    const proxy = await CuttableProxy.start(hubUrl);
    proxies.push(proxy);
    const token = signToken({ sub: freshUser("alice") });
    const hub = sdkClient(proxy.url, { token, transports: [transport] });
    const { all, subscription } = listen(hub, address);
    await subscription.ready;
    await publish(address, 1, 50);
    await until("events", () => all.length === 50);
    proxy.cut();
    await publish(address, 51, 50);
    const mine = hub.publish(address, "counted", { n: 101 });
    proxy.heal();
    // It may have got there before the cut was noticed, and been sent again: then it says duplicate, and is there once.
    await mine;
    await until(
      "missed events",
      () => all.length >= 101,
      () => all.length,
    );
    await publish(address, 102, 1);
    await until("a live event", () => all.length >= 102);

    expect(all).toEqual(range(1, 102));
    expect(subscription.recovered).toBe(true);
  });

  test("aGapIsTold", async () => {
    const address = freshAddress("short");
    const [first] = await publish(address, 1, 20);
    const token = signToken({ sub: freshUser("alice") });
    const hub = sdkClient(hubUrl, { token, transports: [transport] });
    const { all } = listen(hub, address, { position: first?.position });
    await until("gap", () => all.length > 0);
    await publish(address, 21, 1);
    await until("event", () => all.length > 1);

    expect(all).toEqual(["gap retention", 21]);
  });

  test("refusalsSayWhy", async () => {
    const token = signToken({ sub: freshUser("alice") });
    const hub = sdkClient(hubUrl, { token, transports: [transport] });
    const { subscription } = listen(hub, freshAddress("staff"));

    await expect(subscription.ready).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    await expect(hub.publish(freshAddress("staff"), "counted", { n: 1 })).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
  });

  test("aTokenThatEndsIsReplaced", async () => {
    const address = freshAddress("room");
    const user = freshUser("alice");
    const reasons: string[] = [];
    const hub = sdkClient(hubUrl, {
      token: (reason) => {
        reasons.push(reason);
        return signToken({ sub: user }, reasons.length === 1 ? 2 : 600);
      },
      transports: [transport],
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
});

test("theNextWayIsTakenWhenSocketsDoNotOpen", async () => {
  const address = freshAddress("room");
  const blocked = webSocket(
    class extends WebSocket {
      constructor() {
        super("ws://127.0.0.1:9/");
      }
    },
  );
  const hub = sdkClient(hubUrl, {
    token: signToken({ sub: freshUser("alice") }),
    transports: [blocked, eventStream()],
  });
  const { all, subscription } = listen(hub, address);
  await inState(hub, "online");
  await until("subscription", () => hub.connection.get().attempt > 0);
  // Over HTTP a publish does not wait for the stream that was asked for before it.
  await subscription.ready;
  await hub.publish(address, "counted", { n: 1 });
  await until("event", () => all.length > 0);

  expect(all).toEqual([1]);
});

async function publish(
  address: string,
  first: number,
  count: number,
): ReturnType<HttpApi["publishAll"]> {
  return api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}
