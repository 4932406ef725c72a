import { expect, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";

useBrowser();

test("aMessageIsPendingUntilTheBackEndHasItAndThenHasItsTick", async () => {
  const demo = await opened();
  await demo.pane("sarah").evaluate(recordStates);
  await write(demo, "sarah", "Good morning.");
  await demo.sees("omar", "Good morning.");
  await demo.sees("sarah", /✓ sent/);

  expect(await demo.pane("sarah").evaluate(() => (window as Recording).states)).toEqual([
    "sending",
    "sent",
  ]);
  await demo.isComplete("sarah");
  await demo.isComplete("omar");
});

test("aMessageThatFailsSaysWhyAndIsSentByRetry", async () => {
  const demo = await opened();
  demo.mayBeRefused(404);
  await createRoom(demo, "sarah", "Plans");
  await open(demo, "omar", "# Plans");
  await demo.pane("sarah").getByLabel("Delete # Plans").click();
  await demo.sees("omar", "This room has been deleted.");
  await write(demo, "omar", "Too late?");
  await demo.sees("omar", "not sent: there is no such room");
  await createRoom(demo, "sarah", "Plans");
  await demo.pane("omar").getByRole("button", { name: "Retry: Too late?" }).click();
  await demo.sees("sarah", "Too late?");

  await demo.sees("omar", /✓ sent/);
  expect(await thread(demo, "sarah")).toEqual(["Too late?"]);
  expect(await demo.pane("omar").locator(".talk .banner").isVisible()).toBe(false);
});

test("whatIsWrittenOfflineArrivesOnceAndInOrder", async () => {
  const demo = await opened();
  await demo.press("Cut network", "omar");
  for (const text of ["One", "Two", "Three"]) {
    await write(demo, "omar", text);
  }
  await demo.see("three that wait", async () => {
    return (await demo.pane("omar").locator(".message.sending").count()) === 3;
  });
  await demo.press("Restore network", "omar");
  await demo.sees("sarah", "Three");

  expect((await thread(demo, "sarah")).slice(1)).toEqual(["One", "Two", "Three"]);
  await demo.see("three ticks", async () => {
    return (await demo.pane("omar").locator(".message.mine.sent").count()) === 3;
  });
  expect((await thread(demo, "omar")).slice(1)).toEqual(["One", "Two", "Three"]);
  await demo.isComplete("sarah");
  await demo.isComplete("omar");
});

test("ofTwoEditsOfOneVersionOneIsSavedAndTheOtherIsTold", async () => {
  const demo = await opened();
  demo.mayBeRefused(409);
  await write(demo, "sarah", "Lunch at noon");
  await demo.sees("omar", "Lunch at noon");
  await demo.sees("sarah", /✓ sent/);
  await demo.press("Conflict");
  await demo.said(/(Sarah|Omar) was first/);
  await demo.said(/(Sarah|Omar) was told/);

  const said = (await demo.page.locator(".said").textContent()) ?? "";
  const winner = said.includes("Sarah was first") ? "Sarah" : "Omar";
  for (const pane of ["sarah", "omar"]) {
    await demo.sees(pane, `Lunch at noon (${winner})`);
  }
  await demo.sees(winner === "Sarah" ? "omar" : "sarah", "edited");
  expect(
    await demo
      .pane(winner === "Sarah" ? "omar" : "sarah")
      .locator(".banner")
      .isVisible(),
  ).toBe(true);
});

test("aThirdPersonIsDeniedAPrivateTalkByTheRule", async () => {
  const demo = await opened();
  await open(demo, "sarah", "@ omar");
  await open(demo, "omar", "@ sarah");
  await demo.press("Open Lina");
  await demo.allOnline();
  await demo.sees("lina", "Welcome to General.");
  await demo.press("Lina listens in");
  await demo.sees(
    "lina",
    /^Denied: the rule chat:\{org\}:dm:\{a\}:\{b\} asks for .*claims.user == a/,
  );
  await write(demo, "sarah", "For Omar only.");
  await demo.sees("omar", "For Omar only.");

  expect(await thread(demo, "lina")).toEqual([]);
  expect((await demo.incoming("lina")).join()).not.toContain("For Omar only.");
  await search(demo, "lina", "only");
  await demo.sees("lina", "Nothing found.");
  await search(demo, "omar", "only");
  await demo.pane("omar").locator(".found li", { hasText: "For Omar only." }).waitFor();
});

test("aMessageIsFoundAMomentAfterItWasSent", async () => {
  const demo = await opened();
  await write(demo, "sarah", "The invoice is number 4711.");
  await demo.sees("sarah", /✓ sent/);
  const begin = performance.now();
  await search(demo, "omar", "INVOICE");
  await demo.pane("omar").locator(".found li", { hasText: "4711" }).waitFor();

  expect(performance.now() - begin).toBeLessThan(1_000);
});

test("aReloadedPaneShowsWhatItHadAndGoesOnFromThere", async () => {
  const demo = await opened();
  await write(demo, "sarah", "Before");
  await demo.sees("omar", "Before");
  const pane = demo.pane("omar");
  const url = pane.url();
  // Another page of the same place, where no pane is.
  await pane.goto(new URL("/demo/shell/shell.css", url).href);
  await write(demo, "sarah", "Meanwhile");
  await demo.sees("sarah", /✓ sent/);
  const asked: string[] = [];
  demo.page.on("request", (request) => asked.push(request.url()));
  await demo.page.addInitScript(recordThreads);
  await demo.pane("omar").goto(url);
  await demo.sees("omar", "Meanwhile");
  await write(demo, "sarah", "After");
  await demo.sees("omar", "After");

  expect(await thread(demo, "omar")).toEqual([
    "Welcome to General.",
    "Before",
    "Meanwhile",
    "After",
  ]);
  const lengths = await demo.pane("omar").evaluate(() => (window as Recording).lengths ?? []);
  expect(lengths.filter((length) => length > 0 && length < 2)).toEqual([]);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  expect(asked.filter((each) => each.includes("/rooms/general/messages?"))).toEqual([]);
  await demo.isComplete("omar");
});

test("whoIsHereWhoTypesAndWhoHasReadIsSeen", async () => {
  const demo = await opened();
  await demo.sees("omar", "Sarah here");
  await demo.pane("sarah").getByLabel("Message", { exact: true }).pressSequentially("Hello");
  await demo.sees("omar", "Sarah typing…");
  await demo.pane("sarah").getByLabel("Message", { exact: true }).press("Enter");
  const sent = performance.now();
  await demo.see("silence", async () => {
    return (await demo.pane("omar").locator(".typing").textContent()) === "";
  });

  expect(performance.now() - sent, "before the hub takes it back").toBeLessThan(1_500);
  await demo.sees("sarah", /✓ sent · seen by omar/);
});

test("aMessageIsEditedAndTakenBackForEverybody", async () => {
  const demo = await opened();
  await write(demo, "sarah", "Helo");
  await demo.pane("sarah").getByRole("button", { name: "Edit: Helo" }).click();
  await write(demo, "sarah", "Hello");
  await demo.sees("omar", "Hello");
  await demo.pane("sarah").getByRole("button", { name: "Delete: Hello" }).click();
  await demo.sees("omar", "taken back");

  expect((await demo.pane("omar").locator(".message").allTextContents()).join()).not.toContain(
    "Hello",
  );
  await demo.isComplete("omar");
});

test("roomsComeAndGoForEverybodyAndTheFiguresFollow", async () => {
  const demo = await opened();
  await createRoom(demo, "omar", "Night shift");
  await open(demo, "sarah", "# Night shift");
  await write(demo, "sarah", "Quiet so far.");
  await demo.sees("omar", "Quiet so far.");
  await demo.sees("omar", /^3 messages, 3 in the last minute, 3 rooms$/);
  await demo.pane("omar").getByLabel("Delete # Night shift").click();
  await demo.sees("sarah", "This room has been deleted.");

  expect(await demo.pane("sarah").locator(".places .open").allTextContents()).not.toContain(
    "# Night shift",
  );
});

test("theChatLooksRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("chat", async (demo) => {
    await write(demo, "sarah", "Has the group of twelve arrived?");
    await demo.sees("omar", "Has the group of twelve arrived?");
    await write(demo, "omar", "They are at the front desk, all of them.");
    await demo.sees("sarah", "They are at the front desk");
  });
}, 60_000);

/** Opens the chat, and waits until both have its first message. */
async function opened(): Promise<DemoPage> {
  const demo = await DemoPage.open("chat");
  for (const pane of ["sarah", "omar"]) {
    await demo.sees(pane, "Welcome to General.");
  }
  return demo;
}

async function open(demo: DemoPage, pane: string, place: string): Promise<void> {
  await demo.pane(pane).getByRole("button", { name: place, exact: true }).click();
  await demo.pane(pane).getByRole("heading", { name: place }).waitFor();
}

async function createRoom(demo: DemoPage, pane: string, name: string): Promise<void> {
  const field = demo.pane(pane).getByLabel("Name of a new room");
  await field.fill(name);
  await field.press("Enter");
  await demo
    .pane(pane)
    .getByRole("heading", { name: `# ${name}` })
    .waitFor();
}

async function write(demo: DemoPage, pane: string, text: string): Promise<void> {
  const field = demo.pane(pane).getByLabel("Message", { exact: true });
  await field.fill(text);
  await field.press("Enter");
}

async function search(demo: DemoPage, pane: string, text: string): Promise<void> {
  const field = demo.pane(pane).getByLabel("Search messages");
  await field.fill(text);
  await field.press("Enter");
}

function thread(demo: DemoPage, pane: string): Promise<string[]> {
  return demo.pane(pane).locator(".words").allTextContents();
}

interface Recording extends Window {
  states?: string[];
  lengths?: number[];
}

/** Keeps every state that the newest message of this user is shown in. */
function recordStates(): void {
  const states: string[] = [];
  (window as Recording).states = states;
  new MutationObserver(() => {
    const all = [...document.querySelectorAll(".message.mine")];
    const state = all.at(-1)?.classList.item(2);
    if (state && states.at(-1) !== state) {
      states.push(state);
    }
  }).observe(document.body, { childList: true, subtree: true });
}

/** Keeps how many messages were shown, at every change of a document from its first moment. */
function recordThreads(): void {
  const lengths: number[] = [];
  (window as Recording).lengths = lengths;
  new MutationObserver(() => {
    const length = document.querySelectorAll(".message").length;
    if (lengths.at(-1) !== length) {
      lengths.push(length);
    }
  }).observe(document, { childList: true, subtree: true });
}
