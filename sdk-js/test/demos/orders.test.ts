import { expect, inject, test } from "vitest";
import { DemoPage, looksRight, useBrowser } from "./support/demo-page.js";

const demoUrl = inject("demoUrl");
useBrowser();

test("whatAPersonMayNotSeeIsInNoFrameOfTheirs", async () => {
  const demo = await DemoPage.open("orders");
  await demo.press("New EU order");
  await demo.press("New MENA order");
  await demo.sees("audra", "MENA-110");
  await demo.sees("eva", "EU-109");
  await demo.sees("samir", "MENA-110");

  const [eva, samir, audra] = await Promise.all(
    ["eva", "samir", "audra"].map(async (pane) => (await demo.incoming(pane)).join("\n")),
  );
  expect(samir).toContain("MENA-110");
  expect(samir).not.toMatch(/EU-\d/);
  expect(samir).not.toContain("order.priced");
  expect(eva).not.toMatch(/MENA-\d/);
  expect(audra).toMatch(/EU-109[^]*MENA-110/);
  expect(audra).toContain("order.priced");
});

test("aRoleThatIsRevokedIsDeniedWithinASecondAndTheRuleIsNamed", async () => {
  const demo = await DemoPage.open("orders");
  // A call with the token that has just ended is refused, as it has to be.
  demo.mayBeRefused(401, 403);
  await demo.sees("samir", "MENA-108");
  const begin = Date.now();
  await demo.press("Revoke Samir's role");
  const mena = demo.pane("samir").locator('[data-region="mena"]');
  await mena.getByText("The rule orders:{org}:{region} says").waitFor();
  const denied = (await demo.frames("samir")).find(
    ({ at, text }) =>
      at >= begin && text.includes("ACCESS_DENIED") && /orders:\w+:mena"/.test(text),
  );

  expect((denied?.at ?? Infinity) - begin).toBeLessThan(1_000);
  expect(await mena.locator("tbody tr").count()).toBe(0);
  await demo.press("New MENA order");
  await demo.sees("audra", "MENA-109");
  expect((await demo.incoming("samir")).join()).not.toContain("MENA-109");

  await demo.press("Give it back");
  await demo.sees("samir", "MENA-109");
  expect(await mena.locator("tbody tr").count()).toBe(5);
  await demo.isComplete("samir");
});

test("ofTwoChangesFromOneVersionOneHoldsAndTheOtherIsTold", async () => {
  const demo = await DemoPage.open("orders");
  demo.mayBeRefused(409);
  await demo.press("Conflict");
  await demo.said("One holds. The other was told: somebody else was faster.");
  await demo.see("the same order moved once for both", async () => {
    const versions = await Promise.all(
      ["eva", "audra"].map((pane) =>
        demo.pane(pane).locator('[data-order="EU-101"] td').last().textContent(),
      ),
    );
    return versions.every((version) => version === "2");
  });

  await demo.isComplete("eva");
  await demo.isComplete("audra");
});

test("ofAnOrderEveryVersionComesToEverybodyAlsoOverACut", async () => {
  const demo = await DemoPage.open("orders");
  const status = demo.pane("eva").locator('[data-order="EU-103"] .pill');
  for (const next of ["picked", "shipped", "delivered"]) {
    await demo.press(next === "shipped" ? "Cut network" : "Freeze", "audra");
    await status.click();
    await demo.sees("eva", next);
    await demo.see("a change that is safe", async () => {
      const versions = await demo
        .pane("eva")
        .locator('[data-order="EU-103"] td')
        .last()
        .textContent();
      return Number(versions) === ["", "picked", "shipped", "delivered"].indexOf(next) + 1;
    });
    await demo.press(next === "shipped" ? "Restore network" : "Thaw", "audra");
  }
  await demo.see("the delivered order", async () => {
    return (
      (await demo.pane("audra").locator('[data-order="EU-103"] .pill').textContent()) ===
      "delivered"
    );
  });

  expect(await demo.isComplete("audra")).toMatchObject({ versionHoles: 0, gaps: 0 });
});

test("anAuditorLooksAndTheBackEndRefusesThatSheChangesAnything", async () => {
  const { token } = (await (
    await fetch(`${demoUrl}/demo/login?demo=orders&user=audra&space=audit`)
  ).json()) as { token: string };
  const post = (authorization: string): Promise<Response> =>
    fetch(`${demoUrl}/demo/api/orders/audit/advance`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ id: "x", version: 2, order: "EU-101" }),
    });
  await fetch(`${demoUrl}/demo/api/orders/audit/eu`, {
    headers: { authorization: `Bearer ${token}` },
  });

  expect((await post(`Bearer ${token}`)).status).toBe(403);
  expect((await post("Bearer nonsense")).status).toBe(401);
  expect((await post(`Bearer ${token}x`)).status).toBe(401);
});

test("theOrdersLookRightInLightAndDarkWideAndNarrow", async () => {
  await looksRight("orders", async (page) => {
    await page.press("New EU order");
    await page.sees("audra", "EU-109");
  });
}, 60_000);
