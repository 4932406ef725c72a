import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { wholeChromium } from "./support/browser.js";
import { CdpBrowser, type CdpTab } from "./support/cdp-browser.js";
import { CuttableProxy } from "./support/cuttable-proxy.js";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { range } from "./support/received.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const pageUrl = `${inject("pageUrl")}/sdk`;
const api = new HttpApi(hubUrl);

/** What the application in `sdk-page.js` tells. */
interface Look {
  readonly all: readonly (number | string)[];
  readonly state: string;
  readonly queued: number;
  readonly events: readonly string[];
  readonly visible: string;
}

let browser: CdpBrowser;
const tabs: CdpTab[] = [];
const proxies: CuttableProxy[] = [];

beforeAll(async () => {
  browser = await CdpBrowser.start();
});

afterEach(async () => {
  await Promise.all(tabs.splice(0).map((tab) => tab.close().catch(() => undefined)));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});

afterAll(async () => {
  await browser.stop();
});

describe("a page hears everything once", () => {
  test("throughResetsSilenceAndDelay", async () => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const tab = await openPage(proxy.url, address);
    await publish(address, 1, 20);
    proxy.cut();
    await publish(address, 21, 20);
    proxy.heal();
    await seen(tab, "after a reset", ({ all }) => all.length >= 40);
    proxy.slowDown(200);
    await publish(address, 41, 20);
    await seen(tab, "slowly", ({ all }) => all.length >= 60);
    proxy.goSilent();
    await publish(address, 61, 20);
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.heal();
    const { all } = await seen(tab, "after silence", (app) => app.all.length >= 80);

    expect(all).toEqual(range(1, 80));
  });

  test("whenItsTabIsHidden", async () => {
    const address = freshAddress("room");
    const proxy = await proxyToTheHub();
    const tab = await openPage(proxy.url, address);
    await tab.hide(true);
    await seen(tab, "hidden page", ({ visible }) => visible === "hidden");
    await publish(address, 1, 50);
    await seen(tab, "events", ({ all }) => all.length >= 50);
    proxy.cut();
    await publish(address, 51, 50);
    proxy.heal();
    const { all, visible } = await seen(tab, "all events", (app) => app.all.length >= 100);
    await tab.hide(false);

    expect(all).toEqual(range(1, 100));
    expect(visible).toBe("hidden");
  });

  test("whenItWasFrozen", async () => {
    const address = freshAddress("room");
    const tab = await openPage(hubUrl, address);
    await publish(address, 1, 10);
    await seen(tab, "events", ({ all }) => all.length >= 10);
    await tab.freeze();
    await publish(address, 11, 30);
    await tab.resume();
    const { all, events } = await seen(tab, "all", (app) => app.all.length >= 40);
    await publish(address, 41, 1);
    await seen(tab, "live event", (app) => app.all.length >= 41);

    expect(all).toEqual(range(1, 40));
    expect(events).toEqual(expect.arrayContaining(["freeze", "resume"]));
  });

  test.runIf(wholeChromium)("whenSomebodyWentToAnotherPageAndBack", async () => {
    const address = freshAddress("room");
    const tab = await openPage(hubUrl, address);
    await publish(address, 1, 10);
    await seen(tab, "events", ({ all }) => all.length >= 10);
    await tab.leaveFor(`${inject("pageUrl")}/other`);
    await publish(address, 11, 30);
    await tab.back();
    const { all, events } = await seen(tab, "all", (app) => app.all.length >= 40);
    await publish(address, 41, 1);
    await seen(tab, "live event", (app) => app.all.length >= 41);

    expect(all).toEqual(range(1, 40));
    // The page is the one that was left, not a new one that subscribes for the first time.
    expect(events).toContain("restored");
  });
});

test("aWorkerHearsAndPublishesLikeAPage", async () => {
  const address = freshAddress("room");
  const tab = await openTab();
  const script = `
    importScripts("${pageUrl}.js");
    const token = "${signToken({ sub: freshUser("worker") })}";
    const hub = new hubbub.Hub("${hubUrl}/eventbus", { token });
    const onEvent = ({ payload }) => postMessage(payload.n);
    hub.subscribe("${address}", { onEvent }).ready.then(() => hub.publish("${address}", "counted", { n: 1 }));
  `;
  const heard = await tab.evaluate<number>(`new Promise((resolve, reject) => {
    const script = new Blob([${JSON.stringify(script)}], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(script));
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  })`);

  expect(heard).toBe(1);
});

test("whatIsPublishedOfflineArrivesOnceAfterAReload", async () => {
  const address = freshAddress("room");
  const proxy = await proxyToTheHub();
  const store = freshUser("queue");
  let stored = 0;
  const token = signToken({ sub: freshUser("alice") });
  const listener = await openPage(hubUrl, address);
  const tab = await openTab();
  proxy.cut();
  await connect(tab, proxy.url, token, { store });
  await tab.evaluate(
    `[1, 2, 3].forEach((n) => app.hub.publish("${address}", "counted", { n }).catch(() => 0))`,
  );
  await until(
    "stored queue",
    () => stored === 3,
    () => stored,
    async () => {
      stored = await tab.evaluate<number>(`app.stored("${store}")`);
    },
  );
  await tab.reload();
  await connect(tab, proxy.url, token, { store });
  await seen(tab, "restored queue", ({ queued }) => queued === 3);
  proxy.heal();
  await seen(tab, "empty queue", ({ queued, state }) => state === "online" && queued === 0);
  await tab.reload();
  await connect(tab, proxy.url, token, { store });
  await seen(tab, "online", ({ state }) => state === "online");
  await publish(address, 4, 1);
  const { all } = await seen(listener, "events", (app) => app.all.length >= 4);

  expect(all).toEqual([1, 2, 3, 4]);
});

describe("three tabs", () => {
  test("haveOneConnectionAndOneRegistration", async () => {
    const address = freshAddress("room");
    const { proxy, all } = await sharing(address, 3);
    await publish(address, 1, 20);
    await everyTab(all, 20);

    expect(proxy.connections).toBe(1);
    expect(proxy.count(`"type":"register","address":"${address}"`)).toBe(1);
  });

  test.each(["closes", "freezes"])("loseNothingWhenTheOneThatLeads %s", async (how) => {
    const address = freshAddress("room");
    const { all } = await sharing(address, 3);
    await publish(address, 1, 20);
    await everyTab(all, 20);
    const [leader, ...others] = all;
    await (how === "closes" ? leader!.close() : leader!.freeze());
    await publish(address, 21, 20);
    await everyTab(others, 40);
    await publish(address, 41, 1);
    await everyTab(others, 41);
    if (how === "freezes") {
      await leader!.resume();
      await everyTab([leader!], 41);
    }
  });

  test("publishFromEachOfThemAndHearEachOther", async () => {
    const address = freshAddress("room");
    const { all } = await sharing(address, 3);
    for (const [i, tab] of all.entries()) {
      const n = String(i + 1);
      await tab.evaluate(`app.hub.publish("${address}", "counted", { n: ${n} })`);
    }
    await everyTab(all, 3);
    await all[1]!.evaluate(`app.hub.publish("${address}", "counted", { n: 4 }, { echo: false })`);
    await all[2]!.evaluate(`app.hub.publish("${address}", "counted", { n: 5 })`);
    await seen(all[0]!, "all", (app) => app.all.length === 5);
    const { all: own } = await seen(all[1]!, "others", (app) => app.all.length >= 4);

    expect(own).toEqual([1, 2, 3, 5]);
  });
});

/** Opens tabs that share one connection; the first one leads. */
async function sharing(
  address: string,
  count: number,
): Promise<{ proxy: CuttableProxy; all: readonly CdpTab[] }> {
  const proxy = await proxyToTheHub();
  const share = freshUser("alice");
  const token = signToken({ sub: share });
  const all: CdpTab[] = [];
  for (let i = 0; i < count; i++) {
    const tab = await openTab();
    await connect(tab, proxy.url, token, { share });
    await tab.evaluate(`app.subscribe("${address}")`);
    all.push(tab);
  }
  return { proxy, all };
}

async function everyTab(all: readonly CdpTab[], count: number): Promise<void> {
  for (const tab of all) {
    const app = await seen(tab, "events", (each) => each.all.length >= count);
    expect(app.all).toEqual(range(1, count));
  }
}

async function openTab(): Promise<CdpTab> {
  const tab = await browser.open(pageUrl);
  tabs.push(tab);
  return tab;
}

async function openPage(url: string, address: string): Promise<CdpTab> {
  const tab = await openTab();
  await connect(tab, url, signToken({ sub: freshUser("page") }));
  await tab.evaluate(`app.subscribe("${address}")`);
  return tab;
}

async function connect(
  tab: CdpTab,
  url: string,
  token: string,
  options: Record<string, string> = {},
): Promise<void> {
  await tab.evaluate(`app.connect("${url}/eventbus", "${token}", ${JSON.stringify(options)})`);
}

/** Waits until the application in the page has seen something. */
async function seen(tab: CdpTab, what: string, condition: (app: Look) => boolean): Promise<Look> {
  const look = (): Promise<Look> => tab.evaluate<Look>("app.look()");
  let app = await look();
  await until(
    what,
    () => condition(app),
    () => app,
    async () => {
      app = await look();
    },
  );
  return app;
}

async function publish(address: string, first: number, count: number): Promise<void> {
  await api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}

async function proxyToTheHub(): Promise<CuttableProxy> {
  const proxy = await CuttableProxy.start(hubUrl);
  proxies.push(proxy);
  return proxy;
}
