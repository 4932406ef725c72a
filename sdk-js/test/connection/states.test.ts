import { describe, expect, test } from "vitest";
import type { ConnectionState, Hub } from "../../src/index.js";
import { clientOf, type Counted } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

interface Client {
  readonly fake: FakeHub;
  readonly hub: Hub<Counted>;
}

/** How a client comes into each state; from `connecting` the hub has not heard of it yet. */
const into: Readonly<Record<ConnectionState, (client: Client) => Promise<void>>> = {
  idle: () => Promise.resolve(),
  connecting({ hub }) {
    hub.connect();
    return Promise.resolve();
  },
  async online({ hub }) {
    hub.connect();
    await pass(10);
  },
  async reconnecting(client) {
    await into.online(client);
    client.fake.closeAll(1012, "reconnect in 5000 ms");
    await pass(10);
  },
  async denied(client) {
    await into.online(client);
    client.fake.closeAll(4403);
    await pass(10);
  },
  closed({ hub }) {
    hub.close();
    return Promise.resolve();
  },
};

const steps = {
  connect: ({ hub }: Client) => hub.connect(),
  wake: ({ hub }: Client) => hub.wake(),
  subscribe: ({ hub }: Client) => void hub.subscribe("room:1"),
  refresh: ({ hub }: Client) => void hub.refreshToken(),
  close: ({ hub }: Client) => hub.close(),
} as const;

/** The table, as a reader would draw it: a line for each state, a column for each step of the application. */
const expected: Readonly<
  Record<ConnectionState, Readonly<Record<keyof typeof steps, ConnectionState>>>
> = {
  idle: {
    connect: "connecting",
    wake: "idle",
    subscribe: "connecting",
    refresh: "idle",
    close: "closed",
  },
  connecting: {
    connect: "connecting",
    wake: "connecting",
    subscribe: "connecting",
    refresh: "connecting",
    close: "closed",
  },
  online: {
    connect: "online",
    wake: "online",
    subscribe: "online",
    refresh: "online",
    close: "closed",
  },
  reconnecting: {
    connect: "connecting",
    wake: "reconnecting",
    subscribe: "reconnecting",
    refresh: "reconnecting",
    close: "closed",
  },
  denied: {
    connect: "connecting",
    wake: "denied",
    subscribe: "denied",
    refresh: "denied",
    close: "closed",
  },
  closed: {
    connect: "connecting",
    wake: "closed",
    subscribe: "closed",
    refresh: "closed",
    close: "closed",
  },
};

describe.each(Object.keys(expected) as ConnectionState[])("from %s", (state) => {
  test.each(Object.keys(steps) as (keyof typeof steps)[])(
    "%s leadsWhereTheTableSays",
    async (step) => {
      const fake = new FakeHub();
      const client = { fake, hub: clientOf(fake) };
      await into[state](client);
      expect(client.hub.connection.get().state).toBe(state);
      steps[step](client);

      expect(client.hub.connection.get().state).toBe(expected[state][step]);
    },
  );
});

test("anAttemptThatHangsIsGivenUpAlsoWhenTheApplicationConnectsMeanwhile", async () => {
  const fake = new FakeHub();
  fake.latency = () => 60_000;
  const hub = clientOf(fake);
  hub.connect();
  await pass(5_000);
  hub.connect();
  await pass(5_100);

  expect(hub.connection.get()).toMatchObject({ attempt: 1 });
});

test("whoClosesInTheListenerOfTheDialOpensNothing", async () => {
  const fake = new FakeHub();
  const hub = clientOf(fake);
  hub.connection.subscribe(({ state }) => {
    if (state === "connecting") {
      hub.close();
    }
  });
  hub.connect();
  await pass(60_000);

  expect(hub.connection.get().state).toBe("closed");
  expect(fake.urls).toEqual([]);
});

test("aTokenThatIsRefreshedIsShownByItsNewEnd", async () => {
  const fake = new FakeHub();
  fake.anonymous = false;
  let expiresAt = Date.now() + 60_000;
  fake.tokens = (user) => ({ user, expiresAt });
  const hub = clientOf(fake, { token: () => "alice" });
  hub.connect();
  await pass(10);
  expiresAt += 60_000;
  await Promise.all([hub.refreshToken(), pass(10)]);

  expect(hub.connection.get()).toMatchObject({ state: "online", expiresAt });
});
