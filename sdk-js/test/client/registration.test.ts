import { describe, expect, test } from "vitest";
import type { Position } from "../../src/index.js";
import { clientOf, listen, onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

const room = "room:1";

describe("one registration", () => {
  test("servesAllSubscribersOfATurn", async () => {
    const fake = new FakeHub();
    fake.publish(room, 1);
    const hub = await onlineClientOf(fake);
    const all = [0, 0, 3, 5, 0].map((recent) => listen(hub, room, { recent: recent || undefined }));
    await pass(10);
    fake.publish(room, 2);
    await pass(10);

    expect(fake.frames("register")).toMatchObject([{ headers: { recent: "5", notices: "true" } }]);
    expect(all.map((each) => each.all.at(-1))).toEqual([2, 2, 2, 2, 2]);
  });

  test("servesWhoComesLater", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    listen(hub, room);
    await pass(10);
    fake.publish(room, 1);
    await pass(10);
    const late = listen(hub, room);
    await late.subscription.ready;
    fake.publish(room, 2);
    await pass(10);

    expect(late.all).toEqual([2]);
    expect(fake.frames("register")).toHaveLength(1);
  });

  test("servesWhoComesWhileItIsOnItsWay", async () => {
    const fake = new FakeHub();
    const [first] = [1, 2, 3].map((n) => fake.publish(room, n).position);
    fake.latency = () => 50;
    const hub = await onlineClientOf(fake);
    await pass(300);
    const early = listen(hub, room, { position: first });
    await pass(60);
    const late = listen(hub, room);
    await pass(200);
    fake.publish(room, 4);
    await pass(100);

    expect(early.all).toEqual([2, 3, 4]);
    expect(late.all).toEqual([4]);
    expect(fake.frames("register")).toHaveLength(1);
  });

  test("isMadeAnewForWhoWantsThePastAndNobodyMissesOrRepeatsAnything", async () => {
    const fake = new FakeHub();
    fake.latency = () => 20;
    const hub = await onlineClientOf(fake);
    await pass(100);
    const early = listen(hub, room);
    await pass(100);
    let n = 0;
    const stream = setInterval(() => fake.publish(room, ++n), 3);
    await pass(300);
    const late = listen(hub, room, { recent: 5 });
    await pass(500);
    const saved = listen(hub, room, { position: "e1.1-a:7" as Position });
    await pass(500);
    clearInterval(stream);
    await pass(500);

    expect(early.all).toEqual(range(1, n));
    expect(saved.all).toEqual(range(8, n));
    expect(late.all).toEqual(range(Number(late.all[0]), n));
    expect(late.all.length).toBeGreaterThan(5);
  });

  test("isNotHiddenByWhatFollowsItsNoticeInTheSameMessage", async () => {
    const fake = new FakeHub();
    const places = [1, 2, 3, 4, 5].map((n) => fake.publish(room, n).position);
    const hub = await onlineClientOf(fake);
    listen(hub, room);
    await pass(10);
    let more: readonly number[] = [6, 7];
    fake.script = ({ type }) => {
      if (type === "register") {
        const now = more;
        more = [];
        void Promise.resolve().then(() => now.map((n) => fake.publish(room, n)));
      }
      return false;
    };
    const recent = listen(hub, room, { recent: 2 });
    const saved = listen(hub, room, { position: places[1] });
    await pass(50);

    expect(saved.all).toEqual([3, 4, 5, 6, 7]);
    expect(recent.all).toEqual([4, 5, 6, 7]);
  });

  test("servesPlacesOfTwoHistoriesOneAfterTheOther", async () => {
    const fake = new FakeHub();
    const old = fake.publish(room, 1).position;
    fake.log(room).newEpoch();
    const [early, , late] = [2, 3, 4].map((n) => fake.publish(room, n).position);
    const hub = clientOf(fake);
    const all = [early, old, late].map((position) => listen(hub, room, { position }));
    await pass(50);
    fake.publish(room, 5);
    await pass(50);

    expect(all.map((each) => each.all)).toEqual([[3, 4, 5], ["gap epoch", 5], [5]]);
  });

  test("givesTheCurrentValuesToEveryNewcomerOfALatestAddress", async () => {
    const fake = new FakeHub();
    fake.log("price:X").latest = true;
    fake.publish("price:X", 1);
    const hub = await onlineClientOf(fake);
    const early = listen(hub, "price:X");
    await pass(10);
    fake.publish("price:X", 2);
    await pass(10);
    const late = listen(hub, "price:X");
    await pass(10);

    expect(early.all).toEqual([1, 2]);
    expect(late.all).toEqual([1, 2]);
  });

  test("endsASecondAfterTheLastSubscriberLeft", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const first = listen(hub, room).subscription;
    const second = listen(hub, room).subscription;
    await pass(10);
    first.unsubscribe();
    await pass(2_000);
    expect(fake.frames("unregister")).toHaveLength(0);
    second.unsubscribe();
    await pass(900);
    const third = listen(hub, room).subscription;
    await pass(2_000);
    expect(fake.frames("unregister")).toHaveLength(0);
    third.unsubscribe();
    await pass(1_100);

    expect(fake.frames("register")).toHaveLength(1);
    expect(fake.frames("unregister")).toHaveLength(1);
  });
});

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
