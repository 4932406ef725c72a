import { expect, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";
import { balance, send, settled } from "./support/wallet.js";

useBrowser();

test("aTransactionIsSettledForBothOnlyAfterTheChainHasConfirmedIt", async () => {
  const demo = await DemoPage.open("wallet");
  for (const pane of ["ada", "bo"]) {
    await demo.pane(pane).evaluate(recordStates);
  }
  await send(demo, "100");
  await settled(demo, "ada", "9900");
  await settled(demo, "bo", "10100");

  expect(await statesOf(demo, "ada")).toEqual(["created/0", "created/1", "seen/2", "confirmed/3"]);
  expect(await statesOf(demo, "bo")).toEqual(["created/1", "confirmed/2"]);
  const frames = (await demo.incoming("ada")).join("\n");
  expect(frames).toContain('"confirmations":6');
  await demo.isComplete("ada");
  await demo.isComplete("bo");
});

test("whatIsSentTwiceHappensOnceAndTheSecondAnswerSaysSo", async () => {
  const demo = await DemoPage.open("wallet");
  await demo.press("Send twice");
  await demo.said("First: duplicate false. Second: duplicate true.");
  await settled(demo, "bo", "10025");

  expect(await demo.pane("bo").locator(".transaction").count()).toBe(2);
  const created = (await demo.incoming("ada")).filter((text) => text.includes("tx.created"));
  expect(created).toHaveLength(1);
});

test("theBalanceIsTheSumOfTheSettledTransactions", async () => {
  const demo = await DemoPage.open("wallet");
  await send(demo, "1");
  await send(demo, "2");
  await send(demo, "3");
  await settled(demo, "ada", "9994");
  await settled(demo, "bo", "10006");

  for (const pane of ["ada", "bo"]) {
    await demo.sees(pane, "= the sum of 4 settled transactions");
  }
});

test("whatIsSentOfflineIsPendingAndConfirmedAfterwards", async () => {
  const demo = await DemoPage.open("wallet");
  await demo.press("Cut network", "ada");
  await send(demo, "40");
  await demo.sees("ada", "sending…");
  expect(await balance(demo, "ada")).toBe("10000");
  await demo.press("Restore network", "ada");
  await settled(demo, "ada", "9960");
  await settled(demo, "bo", "10040");

  expect(await demo.pane("bo").locator(".transaction").count()).toBe(2);
});

test("aSendThatIsRefusedIsTakenBackAndTheBalanceIsWhatItWas", async () => {
  const demo = await DemoPage.open("wallet");
  demo.mayBeRefused(409);
  await demo.press("Send too much");
  await demo.said(/Refused: you cannot send that/);

  expect(await demo.pane("ada").locator(".transaction").count()).toBe(1);
  expect(await balance(demo, "ada")).toBe("10000");
});

test("whatTheChainRefusesIsNeverSettled", async () => {
  const demo = await DemoPage.open("wallet");
  await demo.press("Refused by the chain");
  await demo.sees("ada", "refused by the chain");

  expect(await balance(demo, "ada")).toBe("10000");
  expect(await demo.pane("bo").locator(".transaction").count()).toBe(1);
  await demo.isComplete("ada");
});

test("anothersWalletIsDeniedByTheRuleThatNamesItsOwner", async () => {
  const demo = await DemoPage.open("wallet");
  await demo.press("Look into Bo's wallet");
  await demo.said("denied, by the rule wallet:{user}");

  expect(
    (await demo.incoming("ada")).filter(
      (text) => text.includes('"rec"') && text.includes("wallet:bo"),
    ),
  ).toEqual([]);
});

test("theWalletLooksRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("wallet", async (page) => {
    await send(page, "250");
    await page.sees("bo", /confirmations|settled/);
  });
}, 60_000);

interface Recording {
  states?: string[];
}

/** Keeps every state that the newest transaction is shown in. */
function recordStates(): void {
  const states: string[] = [];
  (window as unknown as Recording).states = states;
  new MutationObserver(() => {
    const row = document.querySelector<HTMLElement>(".transaction");
    const { tx, state, version } = row?.dataset ?? {};
    const now = `${state ?? ""}/${version ?? ""}`;
    if (tx !== "gift" && states.at(-1) !== now) {
      states.push(now);
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function statesOf(demo: DemoPage, pane: string): Promise<string[]> {
  return demo.pane(pane).evaluate(() => (window as unknown as Recording).states ?? []);
}
