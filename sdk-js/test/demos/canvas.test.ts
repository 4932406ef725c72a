import { expect, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";

useBrowser();

test("ofTwoDropsAtOnceOneWinsAndTheOtherIsToldWhoWasFirst", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  await demo.press("Conflict");
  await demo.said(/(Sarah|Omar)'s change is safe/);
  await demo.said(/(Sarah|Omar) was refused/);

  const said = (await demo.page.locator(".said").textContent()) ?? "";
  const [winner, loser] = said.includes("Sarah's change is safe")
    ? ["Sarah", "omar"]
    : ["Omar", "sarah"];
  await demo.sees(loser, `${winner} changed “Two people, one note: press Conflict” first`);
  await sameBoards(demo);
  expect(await at(demo, "sarah", "conflict")).toBe(await at(demo, "omar", "conflict"));
  expect(await at(demo, loser, "conflict")).toBe(
    winner === "Sarah" ? "translate(120 420)" : "translate(520 250)",
  );
  await demo.isComplete("sarah");
  await demo.isComplete("omar");
});

test("theHashesOfThePanesAndOfTheBackEndAreEqual", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  await add(demo, "sarah", "By Sarah");
  await add(demo, "omar", "By Omar, with ä");
  await demo.sees("omar", "By Sarah");
  await demo.sees("sarah", "By Omar, with ä");
  const hash = await sameBoards(demo);
  await demo.press("Compare with the back end");

  await demo.said(`The back end's board has the hash ${hash}, Sarah's has ${hash}.`);
});

test("aDragIsSeenAndLeavesNoEventAndOnlyTheDropHasAPosition", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  const before = await demo.isComplete("omar");
  const box = await demo.pane("sarah").locator('[data-note="welcome"]').boundingBox();
  const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 15];
  const { mouse } = demo.page;
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + 40, y + 40, { steps: 8 });
  await demo.see("Sarah's ghost", async () => {
    await mouse.move(x + 60, y + 60, { steps: 4 });
    return (await demo.pane("omar").locator(".ghost").count()) === 1;
  });
  expect(await at(demo, "omar", "welcome")).toBe("translate(90 70)");
  expect(await moves(demo)).toHaveLength(0);
  await mouse.up();
  await demo.see(
    "the drop",
    async () => (await at(demo, "omar", "welcome")) !== "translate(90 70)",
  );
  await demo.see("no ghost", async () => (await demo.pane("omar").locator(".ghost").count()) === 0);

  expect(await moves(demo)).toHaveLength(1);
  await sameBoards(demo);
  const after = await demo.isComplete("omar");
  expect(after.received).toBe(before.received + 1);
});

test("whatWasMovedOfflineIsTakenOrRefusedWhereItIsSeen", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  await demo.press("Cut network", "omar");
  await key(demo, "omar", "welcome", "ArrowRight");
  await key(demo, "omar", "arrows", "ArrowDown");
  await key(demo, "sarah", "arrows", "ArrowUp");
  await demo.see("Sarah's move", async () => (await pending(demo, "sarah")) === "0");
  await add(demo, "omar", "On a train");
  await demo.sees("omar", "On a train");
  expect(await pending(demo, "omar")).toBe("3");
  await demo.press("Restore network", "omar");
  await demo.see("an answer to each", async () => (await pending(demo, "omar")) === "0");

  await demo.sees("omar", "Sarah changed “Or use the arrow keys” first: your move was refused");
  await sameBoards(demo);
  await demo.sees("sarah", "On a train");
  expect(await at(demo, "sarah", "welcome")).toBe("translate(110 70)");
  expect(await at(demo, "omar", "arrows")).toBe("translate(400 40)");
  await demo.isComplete("omar");
});

test("whoLosesADeletionAgainstAMoveIsTold", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  await demo.press("Delete against move");
  await demo.said(/change is safe/);
  await demo.said(/was refused/);

  const said = (await demo.page.locator(".said").textContent()) ?? "";
  if (said.includes("Omar's change is safe")) {
    await demo.sees("sarah", "“Or use the arrow keys” was deleted first: your move was refused.");
  } else {
    await demo.sees("omar", /^Sarah changed “Or use the arrow keys” first: your deletion was/);
  }
  await sameBoards(demo);
});

test("anEventThatIsLostIsNoticedByTheNextOneAndASnapshotFillsTheHole", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  expect(await fact(demo, "omar", "Snapshots")).toBe("1");
  await demo.press("Lose an event");
  await demo.said("One move was lost on its way to Omar's client");
  await demo.see("a snapshot", async () => (await fact(demo, "omar", "Snapshots")) === "2");

  await sameBoards(demo);
  expect(await at(demo, "omar", "welcome")).toBe("translate(270 70)");
});

test("aViewerIsRefusedWithTheReasonAndTheNoteGoesBack", async () => {
  const demo = await DemoPage.open("canvas");
  await ready(demo);
  await demo.press("Open Vera · viewer");
  await demo.allOnline();
  await demo.sees("vera", "A viewer may");
  const before = await at(demo, "vera", "viewer");
  await demo.press("Vera drags");
  await demo.said(
    /^Vera was refused: you may not publish to .*, for the rule canvas:\{board\}:board asks for .*"editor"/,
  );

  await demo.sees("vera", /^Refused: /);
  expect(await at(demo, "vera", "viewer")).toBe(before);
  expect(await at(demo, "sarah", "viewer")).toBe(before);
  expect(await fact(demo, "vera", "Board hash")).toBe(await sameBoards(demo));
});

test("theCanvasLooksRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("canvas", async (demo) => {
    await ready(demo);
    await demo.press("Conflict");
    await demo.said(/was refused/);
  });
}, 60_000);

async function ready(demo: DemoPage): Promise<void> {
  for (const pane of ["sarah", "omar"]) {
    await demo.pane(pane).locator('[data-note="viewer"]').waitFor();
  }
}

async function fact(demo: DemoPage, pane: string, name: string): Promise<string | null> {
  return demo.pane(pane).locator(`[data-fact="${name}"]`).textContent();
}

function pending(demo: DemoPage, pane: string): Promise<string | null> {
  return fact(demo, pane, "Pending");
}

function at(demo: DemoPage, pane: string, note: string): Promise<string | null> {
  return demo.pane(pane).locator(`[data-note="${note}"]`).getAttribute("transform");
}

/** What the log of the other pane holds of moved notes. */
async function moves(demo: DemoPage): Promise<string[]> {
  return (await demo.incoming("omar")).filter((text) => text.includes("canvas.note.moved"));
}

async function key(demo: DemoPage, pane: string, note: string, name: string): Promise<void> {
  await demo.pane(pane).locator(`[data-note="${note}"]`).press(name);
}

async function add(demo: DemoPage, pane: string, text: string): Promise<void> {
  const field = demo.pane(pane).getByLabel("Text of a new note");
  await field.fill(text);
  await field.press("Enter");
}

/** Waits until both panes have the same board and nothing is under way, and returns its hash. */
async function sameBoards(demo: DemoPage): Promise<string> {
  let hash = "";
  await demo.see("equal hashes", async () => {
    hash = (await fact(demo, "sarah", "Board hash")) ?? "";
    const under = [await pending(demo, "sarah"), await pending(demo, "omar")].join();
    return under === "0,0" && hash === (await fact(demo, "omar", "Board hash"));
  });
  return hash;
}
