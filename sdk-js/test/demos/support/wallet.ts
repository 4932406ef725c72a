import type { DemoPage } from "./demo-page.js";

/** Lets Ada send an amount to Bo. */
export async function send(demo: DemoPage, amount: string): Promise<void> {
  const field = demo.pane("ada").getByLabel("Send to Bo");
  await field.fill(amount);
  await field.press("Enter");
}

/** The settled balance that a pane shows. */
export function balance(demo: DemoPage, pane: string): Promise<string | null> {
  return demo.pane(pane).locator("[data-balance]").getAttribute("data-balance");
}

/** Waits until a pane shows an amount as settled. */
export async function settled(demo: DemoPage, pane: string, amount: string): Promise<void> {
  await demo.see(`${amount} at ${pane}`, async () => (await balance(demo, pane)) === amount);
}
