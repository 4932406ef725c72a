import { afterEach, expect, inject, test } from "vitest";
import { freshAddress, freshUser } from "./support/names.js";
import { StockClient, transports } from "./support/stock-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");

/** A user as a `hub.presence` frame has it. */
interface Present {
  readonly type?: "join" | "update" | "leave";
  readonly user: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly devices: readonly { readonly id: string; readonly since: string }[];
  readonly state: unknown;
}

afterEach(() => {
  StockClient.closeAll();
});

test.each(transports)("onEventGetsTheRosterAndThenWhatChanges over %s", async (transport) => {
  const address = freshAddress("team");
  const [alice, bob] = [freshUser("alice"), freshUser("bob")];
  const looker = await StockClient.open({ hubUrl, transport, token: signToken({ sub: alice }) });
  await looker.subscribe(address, { presence: "true" });
  await until("roster", () => rosters(looker, address).length > 0);

  const other = await StockClient.open({ hubUrl, token: signToken({ sub: bob }) });
  await other.subscribe(address);
  await until("join", () => changes(looker, address, bob).length > 0);
  await other.send("hub.presence", { address, state: { typing: true }, expires: "400ms" });
  await until("typing is over", () => changes(looker, address, bob).length > 2);
  other.unregister(address);
  await until("leave", () => changes(looker, address, bob).length > 3);

  expect(changes(looker, address, bob).map(({ type, state }) => [type, state])).toEqual([
    ["join", null],
    ["update", { typing: true }],
    ["update", null],
    ["leave", null],
  ]);
  const [joined] = changes(looker, address, bob);
  expect(joined?.claims).toEqual({ sub: bob });
  expect(joined?.devices).toHaveLength(1);
  expect(other.noticesOf("hub.presence", address)).toEqual([]);
});

test("aStateThatIsTooLongOrOfNoRosterIsRefusedByName", async () => {
  const address = freshAddress("team");
  const client = await StockClient.open({ hubUrl, token: signToken({ sub: freshUser("bob") }) });
  await client.subscribe(address);

  await expect(client.send("hub.presence", { address, state: "x".repeat(2_000) })).rejects.toThrow(
    "BAD_EVENT",
  );
  await expect(
    client.send("hub.presence", { address: freshAddress("team"), state: 1 }),
  ).rejects.toThrow("ACCESS_DENIED");
});

function rosters(client: StockClient, address: string): readonly unknown[] {
  return client
    .noticesOf("hub.presence", address)
    .flatMap(({ message }) => (message["roster"] === undefined ? [] : [message["roster"]]));
}

function changes(client: StockClient, address: string, user: string): readonly Present[] {
  return client
    .noticesOf("hub.presence", address)
    .flatMap(({ message }) => (message["changes"] ?? []) as readonly Present[])
    .filter((change) => change.user === user);
}
