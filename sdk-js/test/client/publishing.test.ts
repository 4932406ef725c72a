import { afterEach, describe, expect, test, vi } from "vitest";
import { clientOf, listen, onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";
import type { QueueStorage, Waiting } from "../../src/index.js";

useFakeTime();

afterEach(() => {
  vi.restoreAllMocks();
});

const room = "room:1";

test("aPublishEndsWhenItIsSafe", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const published = hub.publish(room, "counted", 1, { resourceId: "r", resourceVersion: 7 });
  await pass(10);

  await expect(published).resolves.toMatchObject({ position: "e1.1-a:1", duplicate: false });
  expect(fake.frames("send")).toMatchObject([
    { address: room, body: { type: "counted", payload: 1, resourceId: "r", resourceVersion: 7 } },
  ]);
});

test("whatIsPublishedOfflineIsSentInOrderOnceOnline", async () => {
  const fake = new FakeHub();
  const hub = clientOf(fake);
  fake.letIn = false;
  const published = Promise.all([1, 2, 3, 4].map((n) => hub.publish(room, "counted", n)));
  await pass(2_000);
  expect(hub.connection.get().queued).toBe(4);
  fake.letIn = true;
  await pass(20_000);
  await published;

  expect(payloads(fake)).toEqual([1, 2, 3, 4]);
  expect(hub.connection.get().queued).toBe(0);
});

test("whatWasNotAnsweredIsSentAgainWithTheSameIdAndHappensOnce", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  fake.latency = () => 20;
  const { all } = listen(hub, room);
  await pass(100);
  const published = [1, 2, 3].map((n) => hub.publish(room, "counted", n));
  await pass(30);
  fake.cutAll();
  await pass(1_000);
  const answers = await Promise.all(published);

  expect(payloads(fake)).toEqual([1, 2, 3, 1, 2, 3]);
  expect(answers.map(({ duplicate }) => duplicate)).toEqual([true, true, true]);
  expect(all).toEqual([1, 2, 3]);
});

test("atMostSixteenAreUnderWay", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  fake.script = ({ type }) => type === "send";
  for (let n = 0; n < 50; n++) {
    hub.publish(room, "counted", n).catch(() => undefined);
  }
  await pass(1_000);

  expect(fake.frames("send")).toHaveLength(16);
});

describe("a publish ends with an error", () => {
  test("whenTheQueueIsFull", async () => {
    const hub = clientOf(new FakeHub(), { queue: { max: 1 } });
    hub.publish(room, "counted", 1).catch(() => undefined);

    await expect(hub.publish(room, "counted", 2)).rejects.toMatchObject({ code: "QUEUE_FULL" });
  });

  test("whenItHasWaitedTooLong", async () => {
    const fake = new FakeHub();
    fake.letIn = false;
    const hub = clientOf(fake, { queue: { ttl: 10_000 } });
    const refused = expect(hub.publish(room, "counted", 1)).rejects.toMatchObject({
      code: "TIMEOUT",
      details: { sent: false },
    });
    await pass(10_001);
    await refused;

    expect(hub.connection.get().queued).toBe(0);
  });

  test("whenItIsTooLargeForAnyHub", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const big = hub.publish(room, "counted", "ü".repeat(40_000) as never);

    await expect(big).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(fake.frames("send")).toEqual([]);
  });

  test("whenTheHubRefusesIt", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.script = (frame, session) => {
      fake.refuse(session, (frame as { replyAddress: string }).replyAddress, "STALE_VERSION", {
        currentVersion: 9,
      });
      return true;
    };
    const refused = expect(hub.publish(room, "counted", 1)).rejects.toMatchObject({
      name: "HubError",
      code: "STALE_VERSION",
      details: { currentVersion: 9 },
    });
    await pass(10);
    await refused;
  });

  test("whenTheHubIsClosed", async () => {
    const hub = clientOf(new FakeHub());
    const closed = expect(hub.publish(room, "counted", 1)).rejects.toMatchObject({
      code: "CLOSED",
    });
    hub.close();
    await closed;
  });
});

test("whatIsRefusedForAMomentIsSentAgainBeforeWhatFollows", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  let refusals = 1;
  fake.script = (frame, session) => {
    if (frame.type === "send" && refusals-- > 0) {
      fake.refuse(session, frame.replyAddress, "RATE_LIMITED", { retryAfterMillis: 3_000 });
      return true;
    }
    return false;
  };
  const first = hub.publish(room, "counted", 1);
  await pass(10);
  const second = hub.publish(room, "counted", 2);
  await pass(2_900);
  expect(payloads(fake)).toEqual([1]);
  await pass(200);
  await Promise.all([first, second]);

  expect(payloads(fake)).toEqual([1, 1, 2]);
});

describe("a request", () => {
  test("waitsForTheConnectionAndReturnsTheAnswer", async () => {
    const fake = new FakeHub();
    fake.script = (frame, session) => {
      if (frame.type === "send") {
        fake.reply(session, String(frame.replyAddress), { asked: frame.body });
      }
      return true;
    };
    const answer = clientOf(fake).request("service:rooms", { q: 1 }, { headers: { lang: "en" } });
    await pass(10);

    await expect(answer).resolves.toEqual({ asked: { q: 1 } });
    expect(fake.frames("send")).toMatchObject([{ headers: { lang: "en" } }]);
  });

  test("isNeverSentTwice", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.script = ({ type }) => type === "send";
    const refused = expect(hub.request("service:rooms", 1)).rejects.toMatchObject({
      code: "OFFLINE",
    });
    await pass(10);
    fake.cutAll();
    await pass(2_000);
    await refused;

    expect(fake.frames("send")).toHaveLength(1);
  });

  test("endsWhenNoAnswerComes", async () => {
    const fake = new FakeHub();
    fake.script = ({ type }) => type === "send";
    const hub = await onlineClientOf(fake);
    const refused = expect(hub.request("service:rooms", 1, { timeout: 500 })).rejects.toMatchObject(
      { code: "TIMEOUT", details: { sent: true } },
    );
    await pass(500);
    await refused;
  });
});

test("whatAnEarlierPageLeftIsSentFirst", async () => {
  const fake = new FakeHub();
  const kept = new Map<string, Waiting>();
  const settled: unknown[] = [];
  const storage = (restore: Restore) => useStorage(restore, kept, settled);
  fake.letIn = false;
  const before = clientOf(fake, { queue: { storage } });
  before.publish(room, "counted", 1).catch(() => undefined);
  await pass(10);
  expect(kept.size).toBe(1);

  const after = clientOf(fake, { queue: { storage } });
  const second = after.publish(room, "counted", 2);
  fake.letIn = true;
  await pass(5_000);
  await second;

  expect(fake.log(room).head).toBe("e1.1-a:2");
  expect(kept.size).toBe(0);
  expect(settled).toEqual([undefined]);
});

type Restore = (
  publishes: readonly Waiting[],
  settled: (publish: Waiting, error: unknown) => void,
) => void;

function useStorage(
  restore: Restore,
  kept: Map<string, Waiting>,
  settled: unknown[],
): QueueStorage {
  const left = [...kept.values()];
  queueMicrotask(() => {
    restore(left, (_, error) => settled.push(error));
  });
  return {
    put: ({ id, address, body, headers, until }) => {
      kept.set(id, { id, address, body, headers, until });
    },
    remove: (id) => {
      kept.delete(id);
    },
  };
}

/** What was sent to the room, in order, repeats included. */
function payloads(fake: FakeHub): readonly unknown[] {
  return fake.frames("send").map(({ body }) => (body as { payload: unknown }).payload);
}
