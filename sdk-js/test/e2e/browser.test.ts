import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { TestBrowser } from "./support/browser.js";
import { CuttableProxy } from "./support/cuttable-proxy.js";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { range } from "./support/received.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);

/** What the application in `page.js` keeps. */
interface App {
  readonly events: readonly { readonly body: { readonly payload: { readonly n: number } } }[];
  readonly refusals: readonly { readonly failureType: string }[];
  readonly notices: readonly { readonly event: string }[];
  readonly closes: readonly { readonly code: number }[];
  readonly opened: number;
  subscribe(url: string, transport: string, address: string): void;
}

type AppWindow = typeof globalThis & { readonly app: App };

let browser: TestBrowser;
const contexts: BrowserContext[] = [];
const proxies: CuttableProxy[] = [];

beforeAll(async () => {
  browser = await TestBrowser.start();
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});

afterAll(async () => {
  await browser.stop();
});

describe("a page of an origin that the hub lets in", () => {
  test.each(["websocket", "xhr-streaming", "xhr-polling"])(
    "hears everything in order and resumes after a cut, over %s",
    async (transport) => {
      const address = freshAddress("room");
      const proxy = await CuttableProxy.start(hubUrl);
      proxies.push(proxy);
      const page = await openPage(inject("pageUrl"));
      await subscribe(page, proxy.url, transport, address);
      await seen(page, "subscription", (app) => subscriptions(app) === 1);

      await publish(address, 1, 100);
      await seen(page, "hundred events", (app) => app.events.length >= 100);
      proxy.cut();
      await seen(page, "close", (app) => app.closes.length > 0);
      await publish(address, 101, 30);
      proxy.heal();
      await seen(page, "missed events", (app) => app.events.length >= 130);
      await publish(address, 131, 1);
      const app = await seen(page, "live event", (each) => each.events.length >= 131);

      expect(app.events.map((event) => event.body.payload.n)).toEqual(range(1, 131));
      expect(app.refusals).toEqual([]);
    },
  );

  test("is told that an address is denied", async () => {
    const page = await openPage(inject("pageUrl"));

    await subscribe(page, hubUrl, "websocket", freshAddress("staff"));
    const app = await seen(page, "refusal", (each) => each.refusals.length > 0);

    expect(app.refusals).toMatchObject([{ failureCode: 1, failureType: "ACCESS_DENIED" }]);
  });
});

describe("a page of a foreign origin", () => {
  test.each(["websocket", "xhr-streaming"])("is not let in over %s", async (transport) => {
    const page = await openPage(inject("foreignPageUrl"));

    await subscribe(page, hubUrl, transport, freshAddress("room"));
    const app = await seen(page, "close", (each) => each.closes.length > 0);

    expect(app.opened).toBe(0);
  });

  test("is not let in over a socket without SockJS either", async () => {
    const page = await openPage(inject("foreignPageUrl"));
    const url = `${hubUrl.replace("http", "ws")}/eventbus/websocket?access_token=${tokenOf()}`;

    const outcome = await page.evaluate(openSocket, url);

    expect(outcome).toBe("refused");
    const allowed = await openPage(inject("pageUrl"));
    expect(await allowed.evaluate(openSocket, url)).toBe("open");
  });
});

/** Runs in the page. */
async function openSocket(url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => {
      resolve("open");
      socket.close();
    };
    socket.onerror = () => {
      resolve("refused");
    };
  });
}

async function openPage(url: string): Promise<Page> {
  const context = await browser.browser.newContext();
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function subscribe(
  page: Page,
  hub: string,
  transport: string,
  address: string,
): Promise<void> {
  await page.evaluate(
    ([url, way, name]) => {
      (globalThis as AppWindow).app.subscribe(url, way, name);
    },
    [`${hub}/eventbus?access_token=${tokenOf()}`, transport, address] as const,
  );
}

/** Waits until the application in the page has seen something, and returns what it kept. */
async function seen(page: Page, what: string, condition: (app: App) => boolean): Promise<App> {
  let app = await look(page);
  await until(
    what,
    () => condition(app),
    () => app,
    async () => {
      app = await look(page);
    },
  );
  return app;
}

async function look(page: Page): Promise<App> {
  const json = await page.evaluate(() => JSON.stringify((globalThis as AppWindow).app));
  return JSON.parse(json) as App;
}

function subscriptions(app: App): number {
  return app.notices.filter((notice) => notice.event === "hub.subscribed").length;
}

async function publish(address: string, first: number, count: number): Promise<void> {
  await api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}

function tokenOf(): string {
  return signToken({ sub: freshUser("page") });
}
