import { afterEach, describe, expect, test, vi } from "vitest";
import type { Gap, Position } from "../../src/index.js";
import { clientOf, listen, onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

afterEach(() => {
  vi.restoreAllMocks();
});

const room = "room:1";

test("eventsComeInOrderWithTheirPositions", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const { all, positions, subscription } = listen(hub, room);
  await pass(10);
  await subscription.ready;
  const published = [1, 2, 3].map((n) => fake.publish(room, n).position);
  await pass(10);

  expect(all).toEqual([1, 2, 3]);
  expect(positions).toEqual(published);
  expect(subscription.position).toBe(published[2]);
  expect(subscription.state.get()).toBe("live");
});

test("handlersOfOneTypeGetThatTypeOnly", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const seen: unknown[] = [];
  hub.subscribe(room, { on: { counted: (event) => seen.push(event.payload) } });
  await pass(10);
  fake.publish(room, 1);
  fake.tellAll({ type: "rec", address: room, body: { type: "other" } });
  fake.tellAll({ type: "rec", address: room, body: null });
  await pass(10);

  expect(seen).toEqual([1]);
});

describe("after a cut", () => {
  test("exactlyWhatWasMissedComes", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const { all, subscription } = listen(hub, room);
    await pass(10);
    fake.publish(room, 1);
    await pass(10);
    fake.cutAll();
    fake.publish(room, 2);
    fake.publish(room, 3);
    await pass(1_000);
    fake.publish(room, 4);
    await pass(10);

    expect(all).toEqual([1, 2, 3, 4]);
    expect(subscription.recovered).toBe(true);
  });

  test("aSubscriptionThatHadNoEventYetResumesFromWhereItBegan", async () => {
    const fake = new FakeHub();
    fake.publish(room, 1);
    const hub = await onlineClientOf(fake);
    const { all } = listen(hub, room);
    await pass(10);
    fake.cutAll();
    fake.publish(room, 2);
    await pass(1_000);

    expect(all).toEqual([2]);
  });

  test("subscribersWithDifferentPlacesEachGetTheirs", async () => {
    const fake = new FakeHub();
    const places = [1, 2, 3, 4].map((n) => fake.publish(room, n).position);
    const hub = clientOf(fake);
    const early = listen(hub, room, { position: places[0] });
    const late = listen(hub, room, { position: places[2] });
    await pass(10);

    expect(early.all).toEqual([2, 3, 4]);
    expect(late.all).toEqual([4]);
    expect(fake.frames("register")).toHaveLength(1);
  });
});

describe("a gap", () => {
  test("isToldAndWhatCameMeanwhileFollowsTheSnapshot", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const release = withResolvers<Position | undefined>();
    const gaps: Gap[] = [];
    const { all, subscription } = listen(hub, room, {
      onGap: (gap) => {
        gaps.push(gap);
        return release.promise;
      },
    });
    await pass(10);
    await missAll(fake, [1, 2, 3]);
    expect(subscription.state.get()).toBe("recovering");
    const inSnapshot = fake.publish(room, 4).position;
    fake.publish(room, 5);
    await pass(10);
    expect(all).toEqual(["gap retention"]);
    release.resolve(inSnapshot);
    await pass(10);

    expect(gaps).toMatchObject([
      { reason: "retention", position: expect.stringMatching(/:3$/) as string },
    ]);
    expect(all).toEqual(["gap retention", 5]);
    expect(subscription.recovered).toBe(false);
    expect(subscription.state.get()).toBe("live");
  });

  test("withoutAnyoneToTellGoesOnFromThere", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const seen: unknown[] = [];
    const subscription = hub.subscribe(room, { onEvent: (event) => seen.push(event.payload) });
    await pass(10);
    await missAll(fake, [1, 2]);
    fake.publish(room, 3);
    await pass(10);

    expect(seen).toEqual([3]);
    expect(subscription.recovered).toBe(false);
  });

  test("whoseSnapshotIsOlderThanTheHubGoesOnFromTheSnapshot", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const { all } = listen(hub, room, { onGap: () => "e1.1-a:3" as Position });
    await pass(10);
    fake.cutAll();
    for (const n of [1, 2, 3, 4, 5]) {
      fake.publish(room, n);
    }
    fake.log(room).trim(2);
    await pass(1_000);
    fake.publish(room, 6);
    await pass(10);

    expect(all).toEqual(["gap retention", 4, 5, 6]);
  });

  test("whoseSnapshotIsNewerThanWhatCameDropsWhatItHolds", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const { all } = listen(hub, room, { onGap: () => "e1.1-a:5" as Position });
    await pass(10);
    await missAll(fake, [1, 2, 3]);
    for (const n of [4, 5, 6]) {
      fake.publish(room, n);
    }
    await pass(10);

    expect(all).toEqual(["gap retention", 6]);
  });

  test("whoseSnapshotFailsIsAskedForAgain", async () => {
    const rethrown = silenceRethrown();
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    let attempts = 0;
    const { all } = listen(hub, room, {
      onGap: ({ position }) => {
        if (++attempts < 3) {
          throw new Error("503");
        }
        return position;
      },
    });
    await pass(10);
    await missAll(fake, [1]);
    await pass(10_000);
    fake.publish(room, 2);
    await pass(10);

    expect(all).toEqual(["gap retention", "gap retention", "gap retention", 2]);
    expect(rethrown).toHaveLength(2);
  });

  test("duringAGapMakesTheFirstSnapshotWorthless", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const releases: ((position: Position | undefined) => void)[] = [];
    const { all } = listen(hub, room, {
      onGap: () => new Promise<Position | undefined>((resolve) => releases.push(resolve)),
    });
    await pass(10);
    await missAll(fake, [1, 2]);
    fake.log(room).newEpoch();
    fake.cutAll();
    await pass(1_000);
    releases[0]?.("e1.1-a:2" as Position);
    await pass(10);
    fake.publish(room, 3);
    await pass(10);
    releases[1]?.(undefined);
    await pass(10);

    expect(all).toEqual(["gap retention", "gap epoch", 3]);
  });

  test("withMoreEventsThanAreHeldGetsThemFromTheHubAgain", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const release = withResolvers<Position | undefined>();
    const { all } = listen(hub, room, { onGap: () => release.promise });
    await pass(10);
    await missAll(fake, [1]);
    for (let n = 2; n <= 2_502; n++) {
      fake.publish(room, n);
    }
    await pass(100);
    expect(all).toHaveLength(1);
    release.resolve("e1.1-a:10" as Position);
    await pass(100);
    fake.publish(room, 2_503);
    await pass(10);

    expect(all).toEqual(["gap retention", ...Array.from({ length: 2_493 }, (_, i) => 11 + i)]);
  });

  test("ofAnEpochThatNobodyToldIsTold", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const { all } = listen(hub, room);
    await pass(10);
    fake.publish(room, 1);
    await pass(10);
    fake.log(room).newEpoch();
    fake.publish(room, 2);
    await pass(10);
    fake.publish(room, 3);
    await pass(10);

    expect(all).toEqual([1, "gap epoch", 3]);
  });

  test("isToldToWhoBringsAPlaceOfAnotherEpochAndToNobodyElse", async () => {
    const fake = new FakeHub();
    const saved = fake.publish(room, 1).position;
    fake.log(room).newEpoch();
    const hub = await onlineClientOf(fake);
    const early = listen(hub, room);
    await pass(10);
    fake.publish(room, 2);
    await pass(10);
    const late = listen(hub, room, { position: saved });
    await pass(10);
    fake.publish(room, 3);
    await pass(10);

    expect(early.all).toEqual([2, 3]);
    expect(late.all).toEqual(["gap epoch", 3]);
  });
});

test("anInitialSnapshotIsAskedForOnceTheSubscriptionIsLive", async () => {
  const fake = new FakeHub();
  [1, 2, 3].forEach((n) => fake.publish(room, n));
  const hub = await onlineClientOf(fake);
  const { all, subscription } = listen(hub, room, {
    initial: true,
    onGap: () => "e1.1-a:2" as Position,
  });
  await pass(50);
  fake.publish(room, 4);
  await pass(10);

  expect(all).toEqual(["gap initial", 3, 4]);
  expect(subscription.recovered).toBe(true);
});

describe("a refusal", () => {
  test("isToldWithWhatToDoAndTriedAgainOnTheNextConnection", async () => {
    const fake = new FakeHub();
    let allowed = false;
    fake.script = (frame, session) => {
      const refused = frame.type === "register" && !allowed;
      if (refused) {
        fake.refuse(session, frame.address, "ACCESS_DENIED");
      }
      return refused;
    };
    const hub = await onlineClientOf(fake);
    const states: unknown[] = [];
    const subscription = hub.subscribe(room, {
      onState: (state, error) => states.push([state, error?.code]),
    });
    await pass(10);
    await expect(subscription.ready).rejects.toMatchObject({
      code: "ACCESS_DENIED",
      message: "told: ACCESS_DENIED",
      fix: expect.any(String) as string,
    });
    allowed = true;
    fake.cutAll();
    await pass(1_000);

    expect(states).toEqual([
      ["denied", "ACCESS_DENIED"],
      ["live", undefined],
    ]);
  });

  test("thatIsForAMomentIsWaitedOutAsToldAndNothingIsLost", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    const { all } = listen(hub, room);
    await pass(10);
    fake.publish(room, 1);
    await pass(10);
    const [session] = fake.open;
    session!.addresses.delete(room);
    fake.refuse(session!, room, "UNAVAILABLE");
    fake.publish(room, 2);
    await pass(900);
    expect(fake.frames("register")).toHaveLength(1);
    await pass(200);
    fake.publish(room, 3);
    await pass(10);

    expect(all).toEqual([1, 2, 3]);
  });

  test("isOverWhenARefreshedTokenAllowsIt", async () => {
    const fake = new FakeHub();
    fake.script = (frame, session) => {
      const refused = frame.type === "register" && session.user !== "agent";
      if (refused) {
        fake.refuse(session, frame.address, "ACCESS_DENIED");
      }
      return refused;
    };
    let user = "guest";
    const hub = await onlineClientOf(fake, { token: () => user });
    const { subscription } = listen(hub, room);
    await pass(10);
    expect(subscription.state.get()).toBe("denied");
    user = "agent";
    await Promise.all([hub.refreshToken(), pass(10)]);

    expect(subscription.state.get()).toBe("live");
    expect(fake.urls).toHaveLength(1);
  });
});

test("anAddressThatCannotBeServedIsDegradedUntilTheNextEvent", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const { subscription } = listen(hub, room);
  await pass(10);
  fake.tellAll({ event: "hub.degraded", message: { address: room } });
  await pass(10);
  expect(subscription.state.get()).toBe("degraded");
  fake.publish(room, 1);
  await pass(10);

  expect(subscription.state.get()).toBe("live");
});

test("nothingIsToldAfterUnsubscribing", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const { all, subscription } = listen(hub, room);
  await pass(10);
  subscription.unsubscribe();
  fake.publish(room, 1);
  await pass(2_000);

  expect(all).toEqual([]);
  expect(subscription.state.get()).toBe("closed");
});

/** Cuts the client off, publishes, and lets the log forget all of it before the client is back. */
async function missAll(fake: FakeHub, numbers: readonly number[]): Promise<void> {
  fake.cutAll();
  numbers.forEach((n) => fake.publish(room, n));
  fake.log(room).trim(0);
  await pass(1_000);
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Catches what the SDK throws for `window.onerror`. */
function silenceRethrown(): unknown[] {
  const rethrown: unknown[] = [];
  const real = queueMicrotask;
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    real(() => {
      try {
        task();
      } catch (error) {
        rethrown.push(error);
      }
    });
  });
  return rethrown;
}
