import { afterEach, beforeAll, afterAll, expect, test } from "vitest";
import { repositoryPath } from "../support/repository.js";
import { HubProcess } from "./support/hub-process.js";
import { StockClient } from "./support/stock-client.js";
import { until } from "./support/until.js";

let hub: HubProcess;

beforeAll(async () => {
  const config = repositoryPath("config/hub.yaml");
  const ports = ["--set", "http.port=0", "--set", "ops.port=0"];
  hub = await HubProcess.start(["start", "--config", config, ...ports]);
});

afterEach(() => {
  StockClient.closeAll();
});

afterAll(async () => {
  await hub.stop();
});

test("theTokenThatANewHubPrintsOpensTheDemoRoom", async () => {
  const client = await StockClient.open({ hubUrl: hub.publicUrl, token: await hub.token() });
  const { events } = await client.subscribe("demo:lobby");

  await client.send("demo:lobby", { type: "message.created", payload: { text: "hello" } });
  await until("event", () => events.length > 0);

  expect(events).toMatchObject([{ body: { type: "message.created", payload: { text: "hello" } } }]);
});

test("theTokenPublishesOverHttpToo", async () => {
  const token = await hub.token();
  const client = await StockClient.open({ hubUrl: hub.publicUrl, token });
  const { events } = await client.subscribe("demo:lobby");

  const response = await fetch(`${hub.publicUrl}/api/v1/publish`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      address: "demo:lobby",
      event: { type: "message.created", payload: { text: "hello over HTTP" } },
    }),
  });
  expect(response.status).toBe(200);
  await until("event", () => events.length > 0);

  expect(events).toMatchObject([
    { body: { actorId: "alice", payload: { text: "hello over HTTP" } } },
  ]);
});

test("theOperatorsListenerSaysReady", async () => {
  const ready = await fetch(`${hub.operatorsUrl}/health/ready`);
  const metrics = await fetch(`${hub.operatorsUrl}/metrics`);

  expect([ready.status, metrics.status]).toEqual([200, 200]);
});
