import { describe, expect, test } from "vitest";
import { presence } from "../../src/features/presence.js";
import { onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

const room = "room:1";
const device = (id: string, state?: unknown): object => ({
  id,
  since: "2026-01-01T00:00:00.000Z",
  ...(state !== undefined && { state }),
});
const sarah = { user: "sarah", claims: { name: "Sarah" }, devices: [device("c1")] };
const omar = { user: "omar", claims: { name: "Omar" }, devices: [device("c2")] };

/** Sends a presence frame to everybody. */
function tell(fake: FakeHub, seq: number, more: Record<string, unknown>): void {
  const message = { address: room, seq, users: 1, devices: 1, ...more };
  fake.tellAll({ event: "hub.presence", message });
}

async function watched() {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const who = presence<string>(hub, room, "reading");
  const changes: string[] = [];
  who.onChange(({ type, member }) => changes.push(`${type} ${member.user}`));
  await pass(10);
  return { fake, hub, who, changes };
}

test("theRosterIsAskedForAndTheOwnStateTold", async () => {
  const { fake, who } = await watched();
  tell(fake, 1, { users: 2, devices: 2, roster: [sarah, omar] });
  await pass(10);

  expect(fake.frames("register")).toMatchObject([{ headers: { presence: "true" } }]);
  expect(fake.frames("send")).toMatchObject([
    { address: "hub.presence", body: { address: room, state: "reading" } },
  ]);
  expect([...who.get().members.keys()]).toEqual(["sarah", "omar"]);
  expect(who.get()).toMatchObject({ users: 2, devices: 2, partial: false });
});

test("changesAreToldByUserAndAnUpdateIsNeverALeaveAndAJoin", async () => {
  const { fake, who, changes } = await watched();
  tell(fake, 1, { roster: [sarah] });
  tell(fake, 2, { changes: [{ type: "join", ...omar }] });
  const two = [device("c1"), device("c3", "typing")];
  tell(fake, 3, { changes: [{ type: "update", ...sarah, devices: two, state: "typing" }] });
  tell(fake, 4, { changes: [{ type: "leave", user: "omar" }] });
  await pass(10);

  expect(changes).toEqual(["join sarah", "join omar", "update sarah", "leave omar"]);
  expect(who.get().members.get("sarah")).toMatchObject({ devices: two, state: "typing" });
  expect(who.get().members.size).toBe(1);
});

describe("a roster that comes anew", () => {
  test("tellsOnlyWhatIsDifferent", async () => {
    const { fake, changes } = await watched();
    tell(fake, 1, { roster: [sarah, omar] });
    await pass(10);
    changes.length = 0;
    fake.cutAll();
    await pass(1_000);
    tell(fake, 7, { roster: [sarah, { user: "ada", devices: [device("c9")] }] });
    await pass(10);

    expect(changes).toEqual(["leave omar", "join ada"]);
  });

  test("isAskedForWhenAChangeWasMissed", async () => {
    const { fake, who } = await watched();
    tell(fake, 1, { roster: [sarah] });
    tell(fake, 3, { changes: [{ type: "join", ...omar }] });
    tell(fake, 4, { changes: [{ type: "leave", user: "sarah" }] });
    await pass(10);
    expect(fake.frames("register")).toHaveLength(2);
    expect(who.get().members.size).toBe(1);
    tell(fake, 9, { roster: [omar] });
    tell(fake, 9, { changes: [{ type: "leave", user: "omar" }] });
    await pass(10);

    expect([...who.get().members.keys()]).toEqual(["omar"]);
  });
});

test("theOwnStateIsToldAgainAfterAReconnectAndWithItsEnd", async () => {
  const { fake, who } = await watched();
  who.update("typing", 2_000);
  await pass(10);
  fake.cutAll();
  await pass(1_000);

  expect(fake.frames("send").map(({ body }) => body)).toEqual([
    { address: room, state: "reading" },
    { address: room, state: "typing", expires: 2_000 },
    { address: room, state: "typing", expires: 2_000 },
  ]);
});

test("oneRegistrationServesEventsAndPresence", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const seen: unknown[] = [];
  hub.subscribe(room, { onEvent: (event) => seen.push(event.payload) });
  presence(hub, room);
  await pass(10);
  fake.publish(room, 1);
  await pass(10);

  expect(seen).toEqual([1]);
  expect(fake.frames("register")).toHaveLength(1);
});

test("whoLeavesIsToldNothingMore", async () => {
  const { fake, who, changes } = await watched();
  who.leave();
  tell(fake, 1, { roster: [sarah] });
  await pass(2_000);

  expect(changes).toEqual([]);
  expect(fake.frames("unregister")).toHaveLength(1);
});
