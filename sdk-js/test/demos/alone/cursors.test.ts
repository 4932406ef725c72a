import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import { TestBrowser } from "../../e2e/support/browser.js";
import { until } from "../../e2e/support/until.js";
import { DemoPage, looksRight, p95, useBrowser } from "../support/demo-page.js";

useBrowser();

test("fiftyBotsComeInSomeTwentyFramesASecond", async () => {
  const demo = await withBots();
  await demo.see("hundreds of positions a second in 5 to 35 frames of 500 KB at most", async () => {
    const [frames, positions] = [await fact(demo, "Frames/s"), await fact(demo, "Positions/s")];
    return positions > 400 && frames > 5 && frames < 35 && (await fact(demo, "KB/s")) < 500;
  });
  expect(await demo.pane("sarah").locator(".cursor.bot").first().textContent()).toMatch(
    /^Bot \d\d$/,
  );
});

test("theAgeOfACursorIsMeasuredAndSmall", async () => {
  const demo = await withBots();
  await demo.see("an age below 300 ms", async () => {
    const age = await fact(demo, "Age p95");
    return age > 0 && age < 300;
  });
  expect(await fact(demo, "Screen")).toBeGreaterThan(0);
});

test("theCursorsOfBotsThatAreKilledGoWhenTheirTimeIsOver", async () => {
  const demo = await withBots();
  await demo.press("Kill the bots");
  await demo.said(/Process \d+ got SIGKILL/);
  const [, pid] =
    /Process (\d+)/.exec((await demo.page.locator(".said").textContent()) ?? "") ?? [];
  await demo.see(
    "no bot",
    async () => (await bots(demo, "sarah")) + (await bots(demo, "omar")) === 0,
  );

  await until("an ended process", () => !isAlive(Number(pid)));
});

test("whoTypesIsSeenAndTwoSecondsAfterTheLastKeyNoMore", async () => {
  const demo = await DemoPage.open("cursors");
  await demo.pane("omar").getByLabel("Typing").pressSequentially("hello");
  await demo.sees("sarah", "Omar is typing…");
  const seen = Date.now();
  await demo.see("an end", async () => (await typing(demo)) === "");

  expect(Date.now() - seen).toBeLessThan(5_000);
});

test("theTypingLineGoesAlsoWhenTheTypistsBrowserIsKilled", async () => {
  const demo = await DemoPage.open("cursors");
  const other = await TestBrowser.start();
  try {
    const page = await demo.openAlone("cursors", "omar", other.browser);
    await page.getByLabel("Typing").pressSequentially("hello");
    await demo.sees("sarah", "Omar is typing…");
    await kill(other.browser);
    const killed = Date.now();
    await demo.see("an end", async () => (await typing(demo)) === "");

    expect(Date.now() - killed).toBeLessThan(5_000);
  } finally {
    await other.stop();
  }
});

test("aSlowPaneStaysCurrentAndSlowsNobodyElse", async () => {
  const demo = await withBots();
  const began = Date.now();
  await demo.see("five hundred positions", async () => {
    return (await demo.ages("sarah", "cursor", began)).length >= 500;
  });
  const before = p95(await demo.ages("sarah", "cursor", began));
  const slow = await demo.openAlone("cursors", "omar");
  const session = await slow.context().newCDPSession(slow);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const since = Date.now();
  // Were they queued, they would be older from second to second, and such five hundred would never come.
  await demo.see("two thousand positions in the slow pane, the last younger than 1 s", async () => {
    const ages = await demo.ages(slow, "cursor", since);
    return ages.length >= 2_000 && p95(ages.slice(-500)) < 1_000;
  });
  await demo.see("positions in the other pane about as young as before", async () => {
    const ages = await demo.ages("sarah", "cursor", since);
    return p95(ages.slice(-500)) < 2 * before + 200;
  });
  await slow.context().close();
});

test("theFieldIsMovedThroughByKeys", async () => {
  const demo = await DemoPage.open("cursors");
  const field = demo.pane("sarah").getByRole("group", { name: /Field/ });
  await field.press("ArrowRight");

  await demo.pane("omar").locator('[data-user^="sarah"]').waitFor();
});

test("theCursorsLookRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("cursors", async (demo) => {
    await demo.press("Start 50 bots");
    await demo.see("the bots", async () => (await bots(demo, "sarah")) === 50);
    await demo.pane("omar").getByLabel("Typing").pressSequentially("hello");
  });
}, 60_000);

/** Opens the page with all bots at work; the same process of bots serves the space of the page only. */
async function withBots(): Promise<DemoPage> {
  const demo = await DemoPage.open("cursors");
  await demo.press("Start 50 bots");
  await demo.said(/50 bots connect from process \d+/);
  await demo.see("fifty bots", async () => (await bots(demo, "sarah")) === 50);
  return demo;
}

function bots(demo: DemoPage, pane: string): Promise<number> {
  return demo.pane(pane).locator(".cursor.bot").count();
}

async function fact(demo: DemoPage, name: string): Promise<number> {
  const text = await demo.pane("sarah").locator(`[data-fact="${name}"]`).textContent();
  return Number.parseFloat(text ?? "");
}

function typing(demo: DemoPage): Promise<string | null> {
  return demo.pane("sarah").locator(".typing").textContent();
}

/** Ends a browser as a crash of the machine does. */
async function kill(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const pid = processInfo.find(({ type }) => type === "browser")?.id ?? 0;
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, "SIGKILL");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
