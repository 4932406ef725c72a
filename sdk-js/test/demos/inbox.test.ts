import { expect, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";

useBrowser();

// The same page twice: its panes in plain TypeScript, and with the React hooks.
for (const path of ["inbox", "inbox/react"]) {
  const of = path.replace("inbox", "ofTheInbox").replace("/react", "InReact");

  test(`${of}WhoOpensAConversationIsSeenThereWithinASecond`, async () => {
    const demo = await DemoPage.open(path);
    await open(demo, "omar", "Jonas Weber");
    await demo.sees("omar", "Nobody else is here.");
    await open(demo, "sarah", "Jonas Weber");
    await demo.sees("omar", "Sarah is viewing this conversation");
    const opened = await demo.when("sarah", "out", /"register".*conv:c2/);
    const told = await demo.when("omar", "in", /"join".*sarah@.*/);

    expect(told - opened).toBeLessThan(1_000);
  });

  test(`${of}TwoQueuedRepliesArriveOnceAndInOrder`, async () => {
    const demo = await DemoPage.open(path);
    await demo.sees("omar", /^Can I move/);
    await demo.press("Cut network", "omar");
    await reply(demo, "omar", "Checking with Sarah.");
    await reply(demo, "omar", "One moment, please.");
    expect(await thread(demo, "omar")).toEqual([
      expect.stringMatching("Friday"),
      expect.stringMatching("Checking with Sarah.*sending"),
      expect.stringMatching("One moment, please.*sending"),
    ]);
    await demo.press("Restore network", "omar");
    await demo.sees("sarah", "One moment, please.");

    const expected = ["Can I move to Friday?", "Checking with Sarah.", "One moment, please."];
    expect(await thread(demo, "sarah")).toEqual(expected);
    await demo.see(
      "safe replies",
      async () => !(await thread(demo, "omar")).join().includes("send"),
    );
    expect(await thread(demo, "omar")).toEqual(expected);
    await demo.isComplete("sarah");
    await demo.isComplete("omar");
  });

  test(`${of}TwoWhoTakeAConversationAtOnceMakeOneConflict`, async () => {
    const demo = await DemoPage.open(path);
    demo.mayBeRefused(409);
    await demo.press("Conflict");
    await demo.said(/has it\..*was told|was told.*has it\./);
    const assignees = async (): Promise<(string | null)[]> =>
      Promise.all(
        ["sarah", "omar"].map((pane) =>
          demo.pane(pane).locator('[data-id="c1"] .take').textContent(),
        ),
      );
    await demo.see("one assignee", async () => {
      const [first, second] = await assignees();
      return first === second && first !== "Take it";
    });

    await demo.isComplete("omar");
  });
}

test("oneUserOnTwoDevicesIsThereOnceAndDoesNotLeaveWithOneOfThem", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.press("Open Sarah's phone");
  await demo.sees("omar", "Sarah is viewing this conversation on 2 devices");
  expect(await demo.pane("omar").locator(".people .avatar").count()).toBe(1);
  await demo.press("Close Sarah's phone");
  await demo.see("one device", async () => {
    const text = await demo.pane("omar").locator(".people").textContent();
    return text !== null && text.includes("Sarah") && !text.includes("devices");
  });

  expect((await demo.incoming("omar")).filter((text) => text.includes('"type":"leave"'))).toEqual(
    [],
  );
});

test("whoIsAwayLeavesAfterTheGraceOnlyAndRecoversWhatWasMissed", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.sees("sarah", "Omar is viewing");
  const begin = performance.now();
  await demo.press("Cut network", "omar");
  await demo.sees("sarah", "Nobody else is here.");
  expect(performance.now() - begin).toBeGreaterThan(4_500);
  for (const text of ["One", "Two", "Three", "Four"]) {
    await reply(demo, "sarah", text);
    await demo.see(
      "a safe reply",
      async () => !(await thread(demo, "sarah")).join().includes("send"),
    );
  }
  await demo.press("Restore network", "omar");
  await demo.sees("omar", "Four");

  expect((await thread(demo, "omar")).slice(1)).toEqual(["One", "Two", "Three", "Four"]);
  expect(await demo.isComplete("omar")).toMatchObject({ recovered: 4, gaps: 0 });
});

test("aBlipIsNoAbsence", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.sees("sarah", "Omar is viewing");
  await demo.press("Cut network", "omar");
  await demo.press("Restore network", "omar");
  await demo.allOnline();
  await reply(demo, "omar", "Back again.");
  await demo.sees("sarah", "Back again.");

  expect((await demo.incoming("sarah")).filter((text) => text.includes('"type":"leave"'))).toEqual(
    [],
  );
});

test("whatIsSentTwiceIsThereOnce", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.press("Send twice");
  await demo.said("The second one was a duplicate: it is there once.");

  await demo.sees("omar", "Sent twice, there once.");
  expect((await thread(demo, "omar")).slice(1)).toEqual(["Sent twice, there once."]);
  expect(await demo.isComplete("omar")).toMatchObject({ doubled: 0 });
});

test("whoTypesIsSeenAndNotAMomentLater", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.pane("sarah").getByLabel("Reply").pressSequentially("Let me");
  await demo.sees("omar", "sarah is typing…");
  await demo.sees("omar", "Sarah is replying, too");
  await demo.see("silence", async () => {
    return (await demo.pane("omar").locator(".typing").textContent()) === "";
  });
});

test("pricesAreNotInTheFramesOfWhoMayNotSeeBills", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.sees("sarah", "€ 240");

  expect((await demo.incoming("sarah")).join()).toContain("booking.priced");
  expect((await demo.incoming("omar")).join()).not.toMatch(/booking\.priced|euro/);
});

test("aFrozenPaneIsGivenEverythingWhenItThaws", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.sees("omar", /^Can I move/);
  await demo.press("Freeze", "omar");
  await reply(demo, "sarah", "While you were busy.");
  await demo.see(
    "a safe reply",
    async () => !(await thread(demo, "sarah")).join().includes("send"),
  );
  expect(await thread(demo, "omar")).toEqual(["Can I move to Friday?"]);
  await demo.press("Thaw", "omar");
  await demo.sees("omar", "While you were busy.");

  await demo.isComplete("omar");
});

test("theInboxInReactLooksRight", async () => {
  await looksRight("inbox/react");
}, 60_000);

async function open(demo: DemoPage, pane: string, customer: string): Promise<void> {
  await demo.pane(pane).locator(".open", { hasText: customer }).click();
}

async function reply(demo: DemoPage, pane: string, text: string): Promise<void> {
  const field = demo.pane(pane).getByLabel("Reply");
  await field.fill(text);
  await field.press("Enter");
}

function thread(demo: DemoPage, pane: string): Promise<string[]> {
  return demo.pane(pane).locator(".bubble").allTextContents();
}
