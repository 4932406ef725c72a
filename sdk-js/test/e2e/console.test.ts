import { mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { repositoryPath } from "../support/repository.js";
import { TestBrowser } from "./support/browser.js";
import { adminKey, ConsolePage } from "./support/console-page.js";
import { HubProcess } from "./support/hub-process.js";
import { PlainSocket } from "./support/plain-socket.js";
import { secret, signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

let browser: TestBrowser;
let hub: HubProcess;
let folder: string;
let config: string;
const pages: ConsolePage[] = [];
const sockets: PlainSocket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hubbub-console-"));
  config = join(folder, "hub.yaml");
  await writeFile(config, await readFile(repositoryPath("sdk-js/test/e2e/console.yaml"), "utf8"));
  [browser, hub] = await Promise.all([TestBrowser.start(), start()]);
}, 90_000);

beforeEach(async () => {
  for (const user of ["alice", "bob", "carol"]) {
    const socket = await PlainSocket.open(hub.publicUrl, signToken({ sub: user }));
    sockets.push(socket);
    socket.send({ type: "register", address: "room:1", headers: { notices: "true" } });
    await socket.framesWhere(1, (frame) => frame["event"] === "hub.subscribed");
  }
});

afterEach(async () => {
  sockets.splice(0).forEach((socket) => {
    socket.close();
  });
  await Promise.all(pages.splice(0).map((page) => page.close()));
});

afterAll(async () => {
  await browser.stop();
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(...sets: readonly string[]): Promise<HubProcess> {
  const all = sets.flatMap((set) => ["--set", set]);
  return HubProcess.start(["start", "--config", config, ...all], { HUB_TEST_SECRET: secret });
}

async function open(how: Parameters<typeof ConsolePage.open>[2] = {}): Promise<ConsolePage> {
  const page = await ConsolePage.open(browser, hub.operatorsUrl, how);
  pages.push(page);
  return page;
}

function publish(n: number): void {
  const event = {
    type: "said",
    resourceId: `note-${String(n)}`,
    payload: { text: "private words" },
  };
  sockets[0]!.send({ type: "publish", address: "room:1", body: event });
}

async function idOf(user: string): Promise<string> {
  const answer = await fetch(`${hub.operatorsUrl}/ops/v1/connections?user=${user}`);
  const { connections } = (await answer.json()) as { connections: readonly { id: string }[] };
  return connections[0]!.id;
}

/** Changes the config at once and with its old time, so that the hub, which looks at that, does not take it in. */
async function editUnseen(text: string): Promise<void> {
  const { mtimeMs } = await stat(config);
  // In the middle of its millisecond, since a fraction of a second is not kept exactly.
  const seconds = (Math.floor(mtimeMs) + 0.5) / 1000;
  await writeFile(`${config}.new`, text);
  await utimes(`${config}.new`, seconds, seconds);
  await rename(`${config}.new`, config);
}

describe("without a key", () => {
  test("everything can be read and nothing changed", async () => {
    const page = await open();

    await page.shows("Nodes ready");
    expect(await page.button("Drain…").isDisabled()).toBe(true);
    expect(await page.button("read only").count()).toBe(1);
    await page.go("#/connections?user=alice", "alice");
    expect(await page.button("Disconnect this user…").isDisabled()).toBe(true);
    await page.go("#/permissions", "claims.role ==");
    expect(await page.button("Reload…").isDisabled()).toBe(true);
    expect(page.complaints).toEqual([]);
  });

  test("the key is asked for, and then things can be changed", async () => {
    const page = await open();

    await page.button("read only").click();
    await page.page.getByLabel("Key", { exact: true }).fill(adminKey);
    await page.button("Use this key").click();
    await page.button("anna").waitFor();

    expect(await page.button("Drain…").isEnabled()).toBe(true);
  });

  test("a listener that is not on loopback gives the page, and no data", async () => {
    const exposed = await start("ops.host=0.0.0.0");
    try {
      const page = await ConsolePage.open(browser, exposed.operatorsUrl);
      pages.push(page);
      await page.page.getByRole("dialog").waitFor();
      expect(await page.page.locator("#screen").innerText()).not.toContain("Nodes ready");

      await page.page.getByLabel("Key", { exact: true }).fill("wrong");
      await page.button("Use this key").click();
      await page.page.getByRole("dialog").waitFor();
      await page.page.getByLabel("Key", { exact: true }).fill(adminKey);
      await page.button("Use this key").click();

      await page.shows("Nodes ready");
    } finally {
      await exposed.stop();
    }
  }, 60_000);
});

describe("screens", () => {
  test("an address shows its traffic, its rule and its nodes", async () => {
    const page = await open({ admin: true });
    publish(1);

    await page.go("#/addresses?sort=subscribers", "room:1");
    await page.page.getByRole("link", { name: "room:1" }).click();
    await page.shows("room:{id}");
    await page.shows("hub.yaml:");

    await page.button("Publish a test event…").click();
    const dialog = page.page.getByRole("dialog");
    await dialog.getByLabel("Why").fill("does it work?");
    await dialog.getByRole("button", { name: "Publish" }).click();
    await page.shows("published as");
    await sockets[1]!.framesWhere(1, (frame) => JSON.stringify(frame).includes("operator.test"));
    expect(page.complaints).toEqual([]);
  });

  test("a connection is found, looked at and cut, and that is kept", async () => {
    const page = await open({ admin: true });

    await page.go("#/connections?user=bob", "bob");
    await page.page.getByRole("link", { name: /^c01/ }).click();
    await page.shows("room:1");
    await page.shows("keeps up");
    await page.button("Disconnect…").click();
    await page.confirm("Disconnect", "asked for it");

    await until("close", () => sockets[1]!.closes.length > 0);
    expect(sockets[1]!.closes[0]!.code).toBe(4403);
    await page.shows("closed");
    await page.go("#/cluster", "asked for it");
    expect(page.complaints).toEqual([]);
  });

  test("a tail hides payloads until somebody says why", async () => {
    const page = await open({ admin: true });
    publish(2);

    await page.go("#/tail?address=room:1", "hidden");
    expect(await page.page.locator("#screen").innerText()).not.toContain("private words");
    await page.button("Show payloads…").click();
    await page.confirm("Show payloads", "ticket 7");
    await page.shows("private words");
    publish(3);
    await page.shows("note-3");

    await page.page.getByRole("searchbox", { name: /type, actor/ }).fill("note-3");
    const lines = page.page.locator(".log details");
    let count = 0;
    await until(
      "one event",
      () => count === 1,
      () => count,
      async () => {
        count = await lines.count();
      },
    );
    await page.go("#/cluster", "reveal payloads");
    await page.shows("ticket 7");
    expect(page.complaints).toEqual([]);
  });

  test("a decision is explained with its rule and its place in the file", async () => {
    const page = await open();

    await page.go("#/permissions?address=staff:1", "May they?");
    await page.page.getByLabel("Claims").fill('{"sub":"dave","role":"guest"}');
    await page.button("Explain").click();
    await page.shows("deny");
    await page.shows("staff:{id}");
    await page.shows('claims.role == "agent"');
    await page.shows("hub.yaml:");

    await page.page.getByLabel("Claims").fill("no json");
    await page.button("Explain").click();
    await page.shows("no JSON");
    expect(page.complaints).toEqual([]);
  });

  test("a broken config is refused with its line, and a mended one is taken", async () => {
    const page = await open({ admin: true });
    const good = await readFile(config, "utf8");
    try {
      await page.go("#/permissions", "May they?");
      await writeFile(config, good.replace('claims.role == "agent"', "claims.role =="));
      await page.button("Reload…").click();
      await page.confirm("Reload", "a try");
      await page.shows("nothing was changed");
      expect(await page.page.locator(".faults").innerText()).toMatch(/hub\.yaml:\d+:\d+: /);
    } finally {
      await writeFile(config, good);
    }
    await page.button("Reload…").click();
    await page.confirm("Reload", "mended");
    await page.shows("3 rules");
    expect(await page.page.locator(".faults").count()).toBe(0);
    expect(page.complaints).toEqual([]);
  });

  test("a dry run tells whose subscriptions would end, and ends none", async () => {
    const page = await open({ admin: true });
    const good = await readFile(config, "utf8");
    try {
      await page.go("#/permissions", "May they?");
      await editUnseen(good.replace('claims.sub != ""', 'claims.sub == "alice"'));
      await page.button("Dry run").click();
      await page.shows("would end");
      expect(await page.page.getByLabel("Subscriptions that would end").innerText()).toMatch(/bob/);
    } finally {
      await editUnseen(good);
    }
    expect(page.complaints).toEqual([]);
  });

  test("one box finds users, addresses and connections", async () => {
    const page = await open();
    const box = page.page.getByRole("searchbox", { name: /Search/ });
    const find = async (text: string, hash: RegExp): Promise<void> => {
      await page.page.keyboard.press("/");
      await box.fill(text);
      await box.press("Enter");
      await page.page.waitForURL(hash);
    };

    await page.shows("Nodes ready");
    await find("carol", /#\/connections\?user=carol$/);
    await find("room:1", /#\/addresses\/room%3A1$/);
    await find(await idOf("alice"), /#\/connections\/c01/);
    await page.shows("keeps up");
    expect(page.complaints).toEqual([]);
  });

  test.each([
    ["light", {}],
    ["dark", { dark: true }],
    ["narrow", { narrow: true }],
  ])(
    "every screen can be used by everybody, %s",
    async (_, look) => {
      const page = await open({ admin: true, ...look });
      publish(4);
      for (const [hash, text] of [
        ["#/cluster", "Nodes ready"],
        ["#/addresses", "room:1"],
        ["#/addresses/room:1", "By node"],
        ["#/connections", "carol"],
        [`#/connections/${await idOf("carol")}`, "Subscriptions"],
        ["#/tail?address=room:1", "said"],
        ["#/trace", "Event id"],
        ["#/permissions", "API keys"],
      ] as const) {
        await page.go(hash, text);
        expect(await page.seriousFindings(), hash).toEqual([]);
        const overflow = await page.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, hash).toBe(0);
      }
      expect(page.complaints).toEqual([]);
    },
    60_000,
  );
});

describe("the trace", () => {
  test("tells why a user got an event, and why another did not", async () => {
    const page = await open();
    const socket = sockets[0]!;
    const event = { type: "said", payload: { text: "who got it?" } };
    socket.send({ type: "send", address: "room:1", replyAddress: "r1", body: event });
    const [reply] = await socket.framesWhere(1, (frame) => frame["address"] === "r1");
    const { id } = reply!["body"] as { id: string };

    await page.go(`#/trace?event=${id}&user=bob`, "bob got it");
    await page.shows("delivered");
    await page.shows("recorded");
    expect(await page.page.locator(".steps li").count()).toBeGreaterThan(1);
    expect(await page.seriousFindings()).toEqual([]);

    await page.go(`#/trace?event=${id}&user=nobody`, "was not connected when");
    await page.go(`#/trace?event=${id}`, "Who did and did not get it");
    await page.go("#/trace?user=bob", "Latest decisions");
    await page.go("#/trace?event=no-such-event", "unknown");
    expect(page.complaints).toEqual([]);
  });
});
