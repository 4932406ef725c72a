import { describe, expect, test } from "vitest";
import { model, type ModelOptions, type Snapshot } from "../../src/features/model.js";
import { Hub, type Position } from "../../src/index.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

const address = "orders:eu";
interface Events {
  readonly status: string;
}
type Orders = Readonly<Record<string, string>>;

function setUp(more: Partial<ModelOptions<Orders, Events>> = {}) {
  const fake = new FakeHub();
  const hub = new Hub<Events>("http://hub.test/eventbus", { WebSocket: fake.WebSocket });
  const loads: string[] = [];
  const backend: { now: Snapshot<Orders> } = { now: { state: { a: "new" }, versions: { a: 1 } } };
  const conflicts: unknown[] = [];
  const orders = model<Orders, Events>(hub, address, {
    load: (why) => {
      loads.push(why);
      return backend.now;
    },
    apply: (state, event) => ({ ...state, [String(event.resourceId)]: event.payload }),
    onConflict: ({ details }) => conflicts.push(details["currentVersion"]),
    ...more,
  });
  const other = (version: number, payload: string): Position | undefined => {
    const id = `o${String(version)}`;
    const body = { id, type: "status", resourceId: "a", resourceVersion: version, payload };
    const { position } = fake.log(address).append(body, id);
    fake.tellAll({ type: "rec", address, headers: { position: position! }, body });
    return position;
  };
  return { fake, hub, orders, loads, backend, other, conflicts };
}

test("theStateIsLoadedThenFollowsTheEvents", async () => {
  const { orders, loads, other } = setUp();
  expect(orders.get()).toBeUndefined();
  await pass(50);
  expect(orders.get()).toEqual({ a: "new" });
  other(2, "paid");
  await pass(10);

  expect(orders.get()).toEqual({ a: "paid" });
  expect(loads).toEqual(["initial"]);
});

test("aChangeShowsAtOnceAndIsConfirmedByTheHub", async () => {
  const { fake, orders } = setUp();
  await pass(50);
  const change = orders.mutate("status", "shipped", { resourceId: "a" });
  expect(orders.get()).toEqual({ a: "shipped" });
  expect(change.status.get()).toBe("pending");
  await pass(10);
  await change.done;

  expect(change.status.get()).toBe("confirmed");
  expect(orders.get()).toEqual({ a: "shipped" });
  expect(fake.frames("send")).toMatchObject([{ body: { resourceId: "a", resourceVersion: 2 } }]);
});

test("eventsOfOthersGoUnderAPendingChange", async () => {
  const { fake, orders } = setUp({
    apply: (state, event) => ({ ...state, a: `${String(state["a"])}+${event.payload}` }),
    versionGaps: false,
  });
  await pass(50);
  fake.latency = () => 100;
  orders.mutate("status", "mine");
  expect(orders.get()).toEqual({ a: "new+mine" });
  fake.latency = () => 1;
  fake.publish(address, "theirs");
  await pass(20);
  expect(orders.get()).toEqual({ a: "new+theirs+mine" });
  await pass(500);

  expect(orders.get()).toEqual({ a: "new+theirs+mine" });
});

describe("a conflict", () => {
  test("rollsBackTellsWhyAndTakesWhatStoodOnItAlong", async () => {
    const { fake, orders, other, conflicts } = setUp();
    await pass(50);
    fake.script = (frame, session) => {
      if (frame.type === "send") {
        fake.refuse(session, frame.replyAddress, "STALE_VERSION", { currentVersion: 2 });
      }
      return frame.type === "send";
    };
    other(2, "cancelled");
    const first = orders.mutate("status", "shipped", { resourceId: "a" });
    const second = orders.mutate("status", "delivered", { resourceId: "a" });
    expect(orders.get()).toEqual({ a: "delivered" });
    await pass(20);

    expect([first.status.get(), second.status.get()]).toEqual(["failed", "failed"]);
    await expect(first.done).rejects.toMatchObject({ code: "STALE_VERSION" });
    expect(orders.get()).toEqual({ a: "cancelled" });
    expect(conflicts).toEqual([2, 2]);
    expect(fake.frames("send")).toHaveLength(1);
  });

  test("leavesOtherResourcesAlone", async () => {
    const { fake, orders } = setUp();
    await pass(50);
    fake.script = (frame, session) => {
      const refused =
        frame.type === "send" && (frame.body as { resourceId: string }).resourceId === "a";
      if (refused) {
        fake.refuse(session, frame.replyAddress, "STALE_VERSION");
      }
      return refused;
    };
    orders.mutate("status", "shipped", { resourceId: "a" });
    const other = orders.mutate("status", "paid", { resourceId: "b" });
    await pass(20);

    expect(other.status.get()).toBe("confirmed");
    expect(orders.get()).toEqual({ a: "new", b: "paid" });
  });
});

test("changesOfOneResourceAreSentOneAfterTheOther", async () => {
  const { fake, orders } = setUp();
  await pass(50);
  fake.latency = () => 20;
  orders.mutate("status", "shipped", { resourceId: "a" });
  const last = orders.mutate("status", "delivered", { resourceId: "a" });
  await pass(30);
  expect(fake.frames("send")).toHaveLength(1);
  await pass(100);

  expect(last.status.get()).toBe("confirmed");
  expect(
    fake.frames("send").map(({ body }) => (body as { resourceVersion: number }).resourceVersion),
  ).toEqual([2, 3]);
});

test("aJumpOfAVersionLoadsAnew", async () => {
  const { orders, loads, backend, other } = setUp();
  await pass(50);
  const position = other(4, "lost some");
  backend.now = { state: { a: "all of it" }, versions: { a: 4 }, position };
  await pass(50);
  expect(loads).toEqual(["initial", "version"]);
  expect(orders.get()).toEqual({ a: "all of it" });
  other(3, "late");
  other(5, "next");
  await pass(10);

  expect(orders.get()).toEqual({ a: "next" });
});

test("aGapLoadsAnewAndPendingChangesStay", async () => {
  const { fake, orders, loads, backend } = setUp();
  await pass(50);
  fake.cutAll();
  fake.letIn = false;
  const change = orders.mutate("status", "mine", { resourceId: "b" });
  fake.log(address).newEpoch();
  backend.now = { state: { a: "from the back end" } };
  fake.letIn = true;
  await pass(1_000);

  expect(loads).toEqual(["initial", "epoch"]);
  expect(change.status.get()).toBe("confirmed");
  expect(orders.get()).toEqual({ a: "from the back end", b: "mine" });
});

test("aChangeThatGoesAnotherWayIsConfirmedByItsEvent", async () => {
  const { fake, orders } = setUp();
  await pass(50);
  const sent: unknown[] = [];
  const change = orders.mutate("status", "shipped", {
    resourceId: "a",
    send: (id, version) => {
      sent.push(version);
      fake.publish(address, "unrelated");
      const body = { id, type: "status", resourceId: "a", resourceVersion: 2, payload: "shipped" };
      const { position } = fake.log(address).append(body, id);
      fake.tellAll({ type: "rec", address, headers: { position: position! }, body });
      return new Promise(() => undefined);
    },
  });
  await pass(10);

  expect(sent).toEqual([2]);
  expect(change.status.get()).toBe("confirmed");
});

test("whatIsCancelledIsNotShownAnyMore", async () => {
  const { fake, orders } = setUp();
  await pass(50);
  fake.script = ({ type }) => type === "send";
  const change = orders.mutate("status", "shipped", { resourceId: "a" });
  change.cancel();

  expect(orders.get()).toEqual({ a: "new" });
});
