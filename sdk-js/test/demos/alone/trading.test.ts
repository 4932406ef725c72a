import { expect, inject, test } from "vitest";
import { DemoPage, looksRight, p95, useBrowser } from "../support/demo-page.js";

const demoUrl = inject("demoUrl");
useBrowser();

test("everySecondTheChecksumOfTheBookIsTheMarkets", async () => {
  const demo = await DemoPage.open("trading");
  await demo.see("three checksums", async () => (await checksums(demo)).compared >= 3);

  const { compared, right, snapshots } = await checksums(demo);
  expect(right).toBe(compared);
  expect(snapshots).toBe(1);
});

test("aDeltaThatIsLostIsNoticedAndASnapshotMakesTheChecksumRightAgain", async () => {
  const demo = await DemoPage.open("trading");
  await demo.see("a checksum", async () => (await checksums(demo)).compared >= 1);
  await demo.press("Drop a delta");
  await demo.said("Tara loses the next delta of the book.");
  await demo.see("a snapshot", async () => (await checksums(demo)).snapshots === 2);
  const before = await checksums(demo);
  await demo.see("more", async () => (await checksums(demo)).compared >= before.compared + 2);

  const { compared, right } = await checksums(demo);
  expect(right).toBe(compared);
  expect(await demo.incoming("tara")).not.toHaveLength(0);
});

test("ticksAreYoungAlsoOnAProcessorThatIsSixTimesSlower", async () => {
  const demo = await DemoPage.open("trading");
  const slow = await demo.openAlone("trading", "tara");
  const session = await slow.context().newCDPSession(slow);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const since = Date.now();
  // What queues up gets older from second to second, and such a hundred never comes.
  await demo.see("a hundred ticks in a row of which 95 are younger than 200 ms", async () => {
    const ages = await demo.ages(slow, "market.tick", since);
    return ages.length >= 200 && p95(ages.slice(-100)) < 200;
  });
  await slow.context().close();
});

test("whoPaysNothingGetsLatePricesAndNoBook", async () => {
  const demo = await DemoPage.open("trading");
  await demo.sees("felix", /^Denied: the rule market:book:\{symbol\} asks for .*depth/);
  let ticks: readonly number[] = [];
  await demo.see("three prices", async () => {
    ticks = await whenOf(demo, "felix", "ACME");
    return ticks.length >= 3;
  });

  // The first is the current one, whenever the batch of the period comes.
  expect((ticks[2] ?? 0) - (ticks[1] ?? 0)).toBeGreaterThan(1_800);
  const heard = await demo.incoming("felix");
  expect(
    heard.filter((text) => /market\.(book|trade)/.test(text) && !text.includes('"err"')),
  ).toEqual([]);
});

test("anAlertThatIsSetOfflineFiresOnce", async () => {
  const demo = await DemoPage.open("trading");
  await demo.see("a price", async () => (await lastPrice(demo)) > 0);
  const price = await lastPrice(demo);
  await demo.press("Cut network", "tara");
  await demo.press("Set an alert");
  // One for each cent around the price: the market cannot move without getting to one of them.
  for (const step of [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]) {
    await setAlert(demo, price + step);
  }
  await demo.press("Restore network", "tara");
  await demo.said(/ACME (above|below) .*: the alert is set/);
  await demo.see("an alert", async () => (await fired(demo)).length > 0);

  await demo.isComplete("tara");
  const ids = await triggered(demo);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

test("anAlertThatFiresWhileItsOwnerIsOfflineIsThereOnce", async () => {
  const demo = await DemoPage.open("trading");
  await demo.see("a price", async () => (await lastPrice(demo)) > 0);
  const price = await lastPrice(demo);
  await setAlert(demo, 2 * price);
  await demo.see("the alert that waits", async () => (await waiting(demo)) === 1);
  await demo.press("Cut network", "tara");
  // From another device, one for each cent around the price: the market cannot move without getting to one of them.
  const steps = Array.from({ length: 18 }, (_, i) => i - 9);
  for (const step of steps) {
    await setElsewhere(demo, price + step);
  }
  await demo.see("an alert that has fired", async () => (await waiting(demo)) <= steps.length);
  expect(await fired(demo)).toEqual([]);
  await demo.press("Restore network", "tara");
  await demo.see("what fired", async () => (await fired(demo)).length > 0);

  const ids = await triggered(demo);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  await demo.isComplete("tara");
}, 45_000);

test("theTradingScreenLooksRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("trading", async (demo) => {
    await demo.see("a checksum", async () => (await checksums(demo)).compared >= 4);
    await demo.press("Set an alert");
    const alerts = demo.pane("tara").locator(".alerts li");
    await demo.see("the alert", async () => (await alerts.count()) > 0);
  });
}, 60_000);

async function checksums(
  demo: DemoPage,
): Promise<{ right: number; compared: number; snapshots: number }> {
  const text = (await demo.pane("tara").locator(".checksum").textContent()) ?? "";
  const [, right = 0, compared = 0, snapshots = 0] =
    /\((\d+) of (\d+) right, (\d+) snapshots?\)/.exec(text) ?? [];
  return { right: Number(right), compared: Number(compared), snapshots: Number(snapshots) };
}

async function whenOf(demo: DemoPage, pane: string, symbol: string): Promise<readonly number[]> {
  const like = new RegExp(`"market\\.tick".*"symbol":"${symbol}"`);
  return (await demo.frames(pane)).filter(({ text }) => like.test(text)).map(({ at }) => at);
}

/** The price of the first symbol, in cents. */
async function lastPrice(demo: DemoPage): Promise<number> {
  const text = await demo.pane("tara").locator('[data-symbol="ACME"] .price').first().textContent();
  return Math.round(Number(text ?? "0") * 100);
}

async function setAlert(demo: DemoPage, cents: number): Promise<void> {
  const pane = demo.pane("tara");
  await pane.getByLabel("Tell me at").fill((cents / 100).toFixed(2));
  await pane.getByRole("button", { name: "Set alert" }).click();
}

/** How many alerts of Tara wait, as the back end says. */
async function waiting(demo: DemoPage): Promise<number> {
  const answer = await fetch(alertsOf(demo), { headers: await asTara(demo) });
  return ((await answer.json()) as { alerts: unknown[] }).alerts.length;
}

/** Sets an alert for Tara, and not from her pane. */
async function setElsewhere(demo: DemoPage, cents: number): Promise<void> {
  const answer = await fetch(`${alertsOf(demo)}/elsewhere-${String(cents)}`, {
    method: "PUT",
    headers: { ...(await asTara(demo)), "content-type": "application/json" },
    body: JSON.stringify({ symbol: "ACME", price: cents }),
  });
  expect(answer.status).toBe(200);
}

function alertsOf({ space }: DemoPage): string {
  return `${demoUrl}/demo/api/trading/${space}/alerts`;
}

async function asTara({ space }: DemoPage): Promise<Record<string, string>> {
  const login = await fetch(`${demoUrl}/demo/login?demo=trading&user=tara&space=${space}`);
  const { token } = (await login.json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}

function fired(demo: DemoPage): Promise<string[]> {
  return demo
    .pane("tara")
    .locator(".alerts .fired")
    .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset["id"] ?? ""));
}

/** The ids of the alerts that the pane was told of, frame by frame. */
async function triggered(demo: DemoPage): Promise<string[]> {
  return (await demo.incoming("tara")).flatMap((text) => {
    const id = /"id":"fired\.([^"]+)"/.exec(text)?.[1];
    return id === undefined ? [] : [id];
  });
}
