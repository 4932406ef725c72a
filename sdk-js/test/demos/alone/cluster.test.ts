import { afterAll, beforeAll, test } from "vitest";
import { ClusterProcess } from "../support/cluster-process.js";
import { DemoPage, freshSpace, useBrowser } from "../support/demo-page.js";
import { send, settled } from "../support/wallet.js";

let cluster: ClusterProcess | undefined;

useBrowser();

beforeAll(async () => {
  cluster = await ClusterProcess.start();
}, 120_000);

afterAll(async () => {
  await cluster?.stop();
}, 60_000);

test("theNodeOfAPaneIsKilledAndItsUserGoesOnAtAnotherOne", async () => {
  const demo = await DemoPage.open("wallet", freshSpace(), cluster?.demoUrl);
  demo.mayLoseNodes();
  await send(demo, "100");
  await settled(demo, "bo", "10100");
  const before = await nodeOf(demo, "ada");

  await demo.press(`Kill ${before}`);
  await demo.said(`${before} is dead`);
  await demo.see("another node", async () => ![before, ""].includes(await nodeOf(demo, "ada")));
  await demo.allOnline();
  await send(demo, "40");
  await settled(demo, "ada", "9860");
  await settled(demo, "bo", "10140");
  await demo.isComplete("ada");
  await demo.isComplete("bo");

  await demo.press(`Start ${before}`);
  await demo.said(`${before} is about to start`);
  await demo.see("three nodes that run", async () => (await running()) === 3);
}, 60_000);

/** How many nodes have a process. */
async function running(): Promise<number> {
  const answer = await fetch(`${cluster?.demoUrl ?? ""}/demo/api/hub`);
  const { nodes } = (await answer.json()) as { nodes: readonly { runs: boolean }[] };
  return nodes.filter(({ runs }) => runs).length;
}

/** The node that a pane has its socket at; empty while it has none. */
async function nodeOf(demo: DemoPage, pane: string): Promise<string> {
  const card = await demo.page.locator(`[data-pane="${pane}"]`).textContent();
  return /node \d/.exec(card ?? "")?.[0] ?? "";
}
