import { expect, test, vi, afterEach } from "vitest";
import type { Gap, Hub, Position, Subscription } from "../../src/index.js";
import { clientOf, type Counted } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, seeded, useFakeTime } from "../support/time.js";

/**
 * Random schedules of everything that can happen to a client, checked against what the hub really had.
 *
 * A failure names its seed; `SEED=7 npm test -- schedule` runs that one alone.
 */
useFakeTime();

afterEach(() => {
  vi.restoreAllMocks();
});

const steps = 10_000;
const seeds = process.env["SEED"] ? [Number(process.env["SEED"])] : [1, 14];
const room = "room:1";

/** What one subscriber of the application was told: events and gaps, in order. */
interface Listener {
  readonly name: string;
  readonly subscription: Subscription;
  readonly told: (Position | Gap)[];
  /** It is owed everything after this, if it said so. */
  readonly since: Position | undefined;
  over?: boolean;
}

class Schedule {
  readonly fake = new FakeHub();
  readonly random: () => number;
  readonly hub: Hub<Counted>;
  readonly listeners: Listener[] = [];
  readonly did = new Map<string, number>();
  /** The position of every event that the hub ever had. */
  readonly all: Position[] = [];
  readonly own: Promise<unknown>[] = [];
  private n = 0;
  private frozen = false;

  constructor(seed: number) {
    this.random = seeded(seed);
    vi.spyOn(Math, "random").mockImplementation(this.random);
    this.fake.latency = () => Math.floor(this.random() * 20);
    this.hub = clientOf(this.fake, { token: () => "alice" });
    const publish = this.fake.log(room).append.bind(this.fake.log(room));
    this.fake.log(room).append = (body, id) => {
      const event = publish(body, id);
      if (event.fresh) {
        this.all.push(event.position!);
      }
      return event;
    };
  }

  async run(): Promise<void> {
    this.listen();
    for (let step = 0; step < steps; step++) {
      const [name, act] = this.pick();
      this.did.set(name, (this.did.get(name) ?? 0) + 1);
      act();
      await pass(Math.floor(this.random() * 30));
    }
    await this.settle();
  }

  /** Heals everything and lets it come to rest, with a last event that everybody must hear. */
  private async settle(): Promise<void> {
    this.thaw();
    this.fake.letIn = true;
    await pass(120_000);
    this.publish();
    await pass(120_000);
    await Promise.all(this.own);
  }

  private pick(): readonly [string, () => void] {
    const actions: readonly (readonly [weight: number, name: string, act: () => void])[] = [
      [50, "publish", this.publish],
      [8, "ownPublish", this.publishOwn],
      [4, "kill", this.kill],
      [2, "freeze", this.freeze],
      [3, "thaw", this.thaw],
      [2, "silence", this.silence],
      [1, "goAway", this.goAway],
      [1, "trim", this.trim],
      [0.3, "newEpoch", this.newEpoch],
      [1, "newTerm", this.newTerm],
      [2, "repeat", this.repeat],
      [1, "refuse", this.refuse],
      [3, "join", this.listen],
      [2, "leave", this.leave],
      [1, "shut", this.shut],
      [2, "wake", this.wake],
    ];
    let at = this.random() * actions.reduce((sum, [weight]) => sum + weight, 0);
    const found = actions.find(([weight]) => (at -= weight) < 0) ?? actions[0]!;
    return [found[1], found[2].bind(this)];
  }

  private publish(): void {
    this.fake.publish(room, this.n++);
  }

  private publishOwn(): void {
    this.own.push(this.hub.publish(room, "counted", this.n++).catch((error: unknown) => error));
  }

  private kill(): void {
    this.fake.cutAll();
  }

  /** A page that is frozen: its socket is gone, and it hears of that only later. */
  private freeze(): void {
    this.frozen = true;
    this.silence();
  }

  private thaw(): void {
    if (this.frozen) {
      this.frozen = false;
      this.fake.cutAll();
      this.hub.wake();
    }
  }

  private silence(): void {
    for (const { socket } of this.fake.open) {
      socket.silent = true;
    }
  }

  private goAway(): void {
    this.fake.closeAll(1012, `reconnect in ${String(Math.floor(this.random() * 3_000))} ms`);
  }

  private trim(): void {
    this.fake.log(room).trim(Math.floor(this.random() * 10));
  }

  private newEpoch(): void {
    this.fake.log(room).newEpoch();
    this.fake.cutAll();
  }

  private newTerm(): void {
    this.fake.log(room).newTerm();
  }

  /** Frames that come twice, as after a registration that was made anew. */
  private repeat(): void {
    const [session] = this.fake.open;
    if (session) {
      this.fake.repeat(session, room, 3);
    }
  }

  private refuse(): void {
    for (const session of this.fake.open) {
      if (session.addresses.delete(room)) {
        const retryAfterMillis = Math.floor(this.random() * 500) + 1;
        this.fake.refuse(session, room, "UNAVAILABLE", { retryAfterMillis });
      }
    }
  }

  private shut(): void {
    this.fake.letIn = !this.fake.letIn;
  }

  private wake(): void {
    this.hub.wake();
  }

  private leave(): void {
    const here = this.listeners.filter(({ over }) => !over);
    const gone = here[Math.floor(this.random() * here.length)];
    if (gone && here.length > 1) {
      gone.subscription.unsubscribe();
      gone.over = true;
    }
  }

  private listen(): void {
    if (this.listeners.filter(({ over }) => !over).length >= 5) {
      return;
    }
    const told: Listener["told"] = [];
    const since = this.random() < 0.3 ? this.all.at(-1 - Math.floor(this.random() * 5)) : undefined;
    const subscription = this.hub.subscribe(room, {
      position: since,
      recent: this.random() < 0.3 ? 5 : undefined,
      onEvent: (_, position) => told.push(position!),
      onGap: async (gap) => {
        const snapshot = await this.snapshot();
        told.push({ reason: gap.reason, position: snapshot ?? gap.position });
        return snapshot;
      },
    });
    this.listeners.push({ name: String(this.listeners.length), subscription, told, since });
  }

  /** What an application loads: it takes its time, may fail, and has what the hub had at some moment of it. */
  private async snapshot(): Promise<Position | undefined> {
    const before = this.fake.log(room).head;
    await new Promise((resolve) => setTimeout(resolve, this.random() * 3_000));
    if (this.random() < 0.1) {
      throw new Error("the snapshot failed");
    }
    const choice = this.random();
    return choice < 0.4 ? this.fake.log(room).head : choice < 0.7 ? before : undefined;
  }

  /**
   * Checks that each event is the one that followed the one before it in the hub's logs, or a snapshot's place.
   *
   * So nothing comes twice, nothing out of order, and nothing is missing but where a gap was told.
   */
  check(seed: number): void {
    const places = this.all.map(placeOf).sort((a, b) => a - b);
    const rankOf = (position: Position): number =>
      places.findLastIndex((place) => place <= placeOf(position));
    for (const { name, told, since, over } of this.listeners) {
      let last = since && rankOf(since);
      for (const [i, entry] of told.entries()) {
        if (typeof entry === "object") {
          last = rankOf(entry.position!);
        } else {
          const near = JSON.stringify(told.slice(Math.max(0, i - 4), i + 3));
          const rank = rankOf(entry);
          expect(rank, `seed ${String(seed)}, listener ${name}: ${entry} in ${near}`).toBe(
            last === undefined ? rank : last + 1,
          );
          last = rank;
        }
      }
      if (!over) {
        expect(last, `seed ${String(seed)}, listener ${name}: the end`).toBe(places.length - 1);
      }
    }
  }
}

/** Orders positions over epochs, whose numbers in the fake rise. */
function placeOf(position: Position): number {
  const [, epoch, offset] = /^e(\d+)\.\S+:(\d+)$/.exec(position) ?? [];
  return Number(epoch) * 1e9 + Number(offset);
}

test.each(seeds)(
  "whateverHappensTheApplicationHearsAllOfItOnceOrIsToldOfTheGap (seed %d)",
  async (seed) => {
    vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
      // What `onGap` throws on purpose is meant for `window.onerror`.
      void Promise.resolve()
        .then(task)
        .catch(() => undefined);
    });
    const schedule = new Schedule(seed);
    await schedule.run();

    schedule.check(seed);
    expect([...schedule.did.values()].reduce((sum, count) => sum + count)).toBe(steps);
    for (const [name, count] of schedule.did) {
      expect(count, `seed ${String(seed)}: ${name} hardly happened`).toBeGreaterThan(5);
    }
    const gaps = schedule.listeners.flatMap(({ told }) =>
      told.filter((each) => typeof each === "object"),
    );
    expect(gaps.length).toBeGreaterThan(10);
  },
  60_000,
);
