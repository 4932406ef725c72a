import { expect, inject, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";

const demoUrl = inject("demoUrl");
useBrowser();

test("theListOfDemosAndTheInboxLookRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("inbox");
}, 60_000);

test("nothingOfThePagesComesFromElsewhereOrStandsInline", async () => {
  const response = await fetch(`${demoUrl}/demo/inbox`);

  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
  expect(await response.text()).not.toMatch(/https?:|<style|onclick/);
});

test("onOneNodeTheButtonThatKillsSaysThatItCannot", async () => {
  const response = await fetch(`${demoUrl}/demo/api/hub/kill`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"node":0}',
  });

  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ error: "one_node" });
});

test("aCutPaneIsOfflineAndComesBackWithNothingLost", async () => {
  const demo = await DemoPage.open("inbox");
  await demo.press("Cut network", "omar");
  await demo.press("Let the guest write");
  await demo.press("Restore network", "omar");
  await demo.allOnline();
  await demo.see("what Omar missed", async () => {
    const { received, published, behind } = await demo.proof("omar");
    return received >= 3 && behind === 0 && published === received;
  });

  expect(await demo.proof("omar")).toMatchObject({ lost: 0, doubled: 0 });
});
