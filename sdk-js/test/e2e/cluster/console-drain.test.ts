import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repositoryPath } from "../../support/repository.js";
import { TestBrowser } from "../support/browser.js";
import { ConsolePage } from "../support/console-page.js";
import { freePorts } from "../support/free-ports.js";
import { HubProcess } from "../support/hub-process.js";
import { PlainSocket } from "../support/plain-socket.js";
import { secret, signToken } from "../support/tokens.js";
import { until } from "../support/until.js";

const socketCount = 30;

let nodes: readonly HubProcess[] = [];
let browser: TestBrowser | undefined;

beforeAll(async () => {
  const ports = await freePorts(5);
  const environment = {
    HUB_TEST_SECRET: secret,
    HUB_TEST_ORIGIN: "http://localhost",
    HUB_TEST_CLUSTER: `e2e-${randomUUID()}`,
    HUB_TEST_PORT_1: String(ports[0]),
    HUB_TEST_PORT_2: String(ports[1]),
    HUB_TEST_PORT_3: String(ports[4]),
  };
  const config = repositoryPath("sdk-js/test/e2e/cluster.yaml");
  nodes = await Promise.all(
    [0, 1].map((i) => {
      const own = [`cluster.port=${String(ports[i])}`, `cluster.busPort=${String(ports[2 + i])}`];
      const sets = ["http.port=0", "drain.within=4s", ...own].flatMap((set) => ["--set", set]);
      return HubProcess.start(["start", "--config", config, ...sets], environment, {
        withinMillis: 90_000,
      });
    }),
  );
  browser = await TestBrowser.start();
}, 120_000);

afterAll(async () => {
  await browser?.stop();
  await Promise.all(nodes.map((node) => node.stop()));
});

test("a drain is begun in the console of another node and watched until the node has gone", async () => {
  const sockets = await Promise.all(
    Array.from({ length: socketCount }, (_, i) =>
      PlainSocket.open(nodes[1]!.publicUrl, signToken({ sub: `user-${String(i)}` })),
    ),
  );
  const page = await ConsolePage.open(browser!, nodes[0]!.operatorsUrl);
  const goes = page.page.locator("section.node").filter({ hasNotText: "here" });
  await page.shows("2 of 2");
  await page.shows(String(socketCount));

  await goes.getByRole("button", { name: "Drain…" }).click();
  await page.confirm("Drain", "a new release");

  await goes.getByText("draining").waitFor();
  const seen = new Set<number>();
  const bar = goes.getByRole("progressbar");
  await until(
    "every socket moved",
    () => sockets.every((socket) => socket.closes.length > 0),
    () => [...seen],
    async () => {
      seen.add(Number(await bar.getAttribute("value")));
    },
  );
  await goes.getByText("Left the cluster").waitFor();

  // It was seen on its way: not only at its beginning and at its end.
  expect([...seen].filter((value) => value > 0 && value < socketCount).length).toBeGreaterThan(1);
  expect(new Set(sockets.map((socket) => socket.closes[0]!.code))).toEqual(new Set([1012]));
  await page.shows("a new release");
  await page.shows("1 of 1");
  expect(page.complaints).toEqual([]);
  await page.close();
}, 60_000);
