import { expect, test } from "vitest";
import { signal } from "../../src/features/signal.js";
import { onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

const address = "cursor:1";

function fakeOfSignals(): FakeHub {
  const fake = new FakeHub();
  fake.script = (frame, session) => {
    const isSignal = frame.type === "send" && frame.address === address;
    if (isSignal) {
      fake.signal(session, frame);
    }
    return isSignal;
  };
  return fake;
}

test("theFirstValueGoesAtOnceAndTheNewestAtTheEndOfThePace", async () => {
  const fake = fakeOfSignals();
  const cursor = signal<number>(await onlineClientOf(fake), address, "cursor", { every: 50 });
  for (let x = 1; x <= 10; x++) {
    cursor.send(x);
    await pass(8);
  }
  await pass(100);

  expect(fake.frames("send").map(({ body }) => (body as { payload: number }).payload)).toEqual([
    1, 7, 10,
  ]);
  expect(fake.frames("send")[0]).toMatchObject({
    headers: { echo: "false" },
    body: { type: "cursor" },
  });
});

test("valuesAreKeptBySenderAndTheOwnIsNotShown", async () => {
  const fake = fakeOfSignals();
  const [alice, bob] = [await onlineClientOf(fake), await onlineClientOf(fake)];
  const [mine, theirs] = [signal(alice, address, "cursor"), signal(bob, address, "cursor")];
  await pass(10);
  mine.send(1);
  theirs.send(2);
  await pass(10);

  expect([...mine.get()]).toMatchObject([[bob.wire.id, { value: 2 }]]);
  expect([...theirs.get()]).toMatchObject([[alice.wire.id, { value: 1 }]]);
  mine.stop();
  await pass(100);
  expect([...theirs.get()]).toEqual([]);
});

test("signalsOfOneAddressAreToldApartByType", async () => {
  const fake = fakeOfSignals();
  const [alice, bob] = [await onlineClientOf(fake), await onlineClientOf(fake)];
  const typing = signal<boolean>(bob, address, "typing");
  const cursor = signal<number>(bob, address, "cursor");
  await pass(10);
  signal<boolean>(alice, address, "typing").send(true);
  await pass(10);

  expect(typing.get().size).toBe(1);
  expect(cursor.get().size).toBe(0);
});

test("aValueIsGoneAlsoWhenItsTimerRunsALittleEarly", async () => {
  const fake = fakeOfSignals();
  const [alice, bob] = [await onlineClientOf(fake), await onlineClientOf(fake)];
  const typing = signal<boolean>(bob, address, "typing", { ttl: 2_000 });
  const sizes: number[] = [];
  typing.subscribe((values) => sizes.push(values.size));
  await pass(10);
  signal<boolean>(alice, address, "typing").send(true);
  await pass(10);
  // Browsers cut a timer's fraction of a millisecond off, so that it runs before the clock is there.
  const real = performance.now.bind(performance);
  performance.now = () => real() - 0.6;
  await pass(2_100);
  performance.now = real;

  expect(sizes).toEqual([1, 0]);
});

test("aValueIsGoneAtItsEndAlsoWhenTimersAreLate", async () => {
  const fake = fakeOfSignals();
  const [alice, bob] = [await onlineClientOf(fake), await onlineClientOf(fake)];
  const typing = signal<boolean>(bob, address, "typing", { ttl: 2_000 });
  const sizes: number[] = [];
  typing.subscribe((values) => sizes.push(values.size));
  await pass(10);
  signal<boolean>(alice, address, "typing").send(true);
  await pass(1_900);
  expect(typing.get().size).toBe(1);
  await pass(200);
  expect(sizes).toEqual([1, 0]);

  // A hidden page: time passes, and no timer runs.
  fake.tellAll({ type: "rec", address, body: { type: "typing", payload: true, actorId: "ada" } });
  await pass(10);
  const late = performance.now() + 2_500;
  const real = performance.now.bind(performance);
  performance.now = () => late;
  expect(typing.get().size).toBe(0);
  performance.now = real;
});

test("whileOfflineNothingIsSentAndNothingWaits", async () => {
  const fake = fakeOfSignals();
  const hub = await onlineClientOf(fake);
  const cursor = signal<number>(hub, address, "cursor");
  fake.letIn = false;
  fake.cutAll();
  await pass(10);
  cursor.send(1);
  fake.letIn = true;
  await pass(20_000);

  expect(fake.frames("send")).toEqual([]);
});
