import { afterEach, describe, expect, test, vi } from "vitest";
import type { Hub } from "../../src/index.js";
import { clientOf, longestWaits, onlineClientOf } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

afterEach(() => {
  vi.restoreAllMocks();
});

test("aHubThatNothingHasNeededDoesNotConnect", async () => {
  const fake = new FakeHub();
  const hub = clientOf(fake);
  await pass(60_000);

  expect(fake.urls).toEqual([]);
  expect(hub.connection.get()).toMatchObject({ state: "idle" });
});

test("theFirstUseConnectsByAPlainSocketThatTakesBatches", async () => {
  const fake = new FakeHub();
  const hub = clientOf(fake);
  hub.subscribe("room:1");
  await pass(10);

  expect(fake.urls).toEqual(["ws://hub.test/eventbus/websocket?batch=true"]);
  expect(hub.connection.get().state).toBe("online");
});

test("theTokenIsTheFirstFrameAndNothingGoesBeforeItsAnswer", async () => {
  const fake = new FakeHub();
  fake.anonymous = false;
  const hub = clientOf(fake, { token: "alice" });
  hub.subscribe("room:1");
  await pass(10);

  expect(fake.heard.map(({ frame }) => frame.type)).toEqual(["send", "register"]);
  expect(fake.frames("send")).toMatchObject([{ address: "hub.auth", body: { token: "alice" } }]);
  expect(hub.connection.get()).toMatchObject({ state: "online", user: "alice" });
});

describe("the wait before it dials again", () => {
  test("growsFromAQuarterOfASecondToTwentySeconds", async () => {
    longestWaits();
    const fake = new FakeHub();
    fake.letIn = false;
    const hub = clientOf(fake);
    hub.connect();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt++) {
      await until(() => state(hub) === "reconnecting");
      waits.push(Number(hub.connection.get().retryAt) - Date.now());
      await pass(Number(waits.at(-1)));
    }

    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  test("isRandomFromNothingOn", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.1);
    const fake = new FakeHub();
    fake.letIn = false;
    const hub = clientOf(fake);
    hub.connect();
    await until(() => state(hub) === "reconnecting");

    expect(Number(hub.connection.get().retryAt) - Date.now()).toBe(25);
  });

  test("beginsAnewAfterTenSecondsOfConnection", async () => {
    longestWaits();
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    for (const lasted of [1_000, 1_000, 11_000]) {
      await pass(lasted);
      fake.cutAll();
      await pass(0);
      if (lasted > 10_000) {
        expect(Number(hub.connection.get().retryAt) - Date.now()).toBe(250);
      }
      await pass(5_000);
    }
    expect(hub.connection.get().attempt).toBe(1);
  });

  test("isWhatANodeThatGoesAwayTellsAndNoSignOfLifeShortensIt", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.closeAll(1012, "reconnect in 2350 ms");
    await pass(5);
    hub.wake();
    await pass(2_300);
    expect(fake.urls).toHaveLength(1);
    await pass(100);

    expect(fake.urls).toHaveLength(2);
  });

  test("isWhatARefusalTells", async () => {
    const fake = new FakeHub();
    await onlineClientOf(fake);
    const [session] = fake.open;
    fake.refuse(session!, undefined, "RATE_LIMITED", { retryAfterMillis: 7_000 });
    fake.closeAll(4429, "too fast");
    await pass(6_900);
    expect(fake.urls).toHaveLength(1);
    await pass(200);

    expect(fake.urls).toHaveLength(2);
  });

  test("isCutShortWhenThePageComesBack", async () => {
    longestWaits();
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.letIn = false;
    fake.cutAll();
    await pass(20_000);
    fake.letIn = true;
    await until(() => state(hub) === "reconnecting");
    hub.wake();
    await pass(5);

    expect(state(hub)).toBe("online");
  });
});

describe("a connection that says nothing", () => {
  test("isGivenUpAfterASignOfLifeWasAskedForInVain", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.open[0]!.socket.silent = true;
    await pass(29_000);
    expect(state(hub)).toBe("online");
    await pass(6_000);

    expect(fake.urls).toHaveLength(2);
    expect(state(hub)).toBe("online");
  });

  test("isKeptWhenItAnswers", async () => {
    const fake = new FakeHub();
    await onlineClientOf(fake);
    await pass(10 * 60_000);

    expect(fake.urls).toHaveLength(1);
    expect(fake.frames("ping").length).toBeGreaterThan(10);
    expect(fake.frames("ping").length).toBeLessThan(30);
  });

  test("isFoundOutWithinFourSecondsWhenThePageComesBack", async () => {
    const fake = new FakeHub();
    const hub = await onlineClientOf(fake);
    fake.open[0]!.socket.silent = true;
    hub.wake();
    await pass(4_500);

    expect(fake.urls).toHaveLength(2);
  });

  test("isGivenUpWhenItNeverOpens", async () => {
    const fake = new FakeHub();
    fake.latency = () => 60_000;
    const hub = clientOf(fake);
    hub.connect();
    await pass(9_900);
    expect(state(hub)).toBe("connecting");
    await pass(200);

    expect(hub.connection.get()).toMatchObject({ attempt: 1, error: { code: "OFFLINE" } });
  });
});

describe("a token", () => {
  const good = (token: string) =>
    token.startsWith("good") ? { user: "alice", expiresAt: null } : undefined;

  test("isAskedForBeforeEveryConnect", async () => {
    const fake = new FakeHub();
    const token = vi.fn(() => "alice");
    await onlineClientOf(fake, { token });
    fake.cutAll();
    await pass(1_000);

    expect(token.mock.calls).toEqual([["connect"], ["connect"]]);
  });

  test("thatIsRefusedIsReplacedByANewOne", async () => {
    const fake = new FakeHub();
    fake.anonymous = false;
    fake.tokens = good;
    const token = vi.fn((reason: string) => (reason === "expired" ? "good" : "bad"));
    const hub = await onlineClientOf(fake, { token });
    await pass(1_000);

    expect(token.mock.calls).toEqual([["connect"], ["expired"]]);
    expect(state(hub)).toBe("online");
  });

  test("thatIsATextAndRefusedEndsInDenied", async () => {
    const fake = new FakeHub();
    fake.anonymous = false;
    fake.tokens = good;
    const hub = await onlineClientOf(fake, { token: "bad" });
    await pass(60_000);

    expect(hub.connection.get()).toMatchObject({
      state: "denied",
      error: { code: "NOT_LOGGED_IN", fix: expect.any(String) as string },
    });
    expect(fake.urls).toHaveLength(1);
  });

  test("isRefreshedInTimeOnTheSameConnection", async () => {
    const fake = new FakeHub();
    fake.anonymous = false;
    fake.tokens = () => ({ user: "alice", expiresAt: Date.now() + 600_000 });
    const token = vi.fn((reason: string) => `good-${reason}`);
    await onlineClientOf(fake, { token });
    await pass(440_000);
    expect(token).toHaveBeenCalledTimes(1);
    await pass(20_000);

    expect(token.mock.calls).toEqual([["connect"], ["refresh"]]);
    expect(fake.frames("send", 0)).toHaveLength(2);
    expect(fake.urls).toHaveLength(1);
  });

  test("whoseRefreshFailsIsAskedForAgainAndAtItsEndOnANewConnection", async () => {
    const fake = new FakeHub();
    fake.anonymous = false;
    fake.tokens = () => ({ user: "alice", expiresAt: Date.now() + 60_000 });
    const token = vi.fn((reason: string) => {
      if (reason === "refresh") {
        throw new Error("no network");
      }
      return "good";
    });
    const hub = await onlineClientOf(fake, { token });
    await pass(59_000);
    expect(token.mock.calls.filter(([reason]) => reason === "refresh").length).toBeGreaterThan(1);
    expect(state(hub)).toBe("online");
    fake.closeAll(4401, "the token has expired");
    await pass(1_000);

    expect(token.mock.calls.at(-1)).toEqual(["expired"]);
    expect(state(hub)).toBe("online");
  });

  test("thatCannotBeGotIsAskedForAgain", async () => {
    const fake = new FakeHub();
    let there = false;
    const token = (): string => {
      if (!there) {
        throw new Error("503");
      }
      return "alice";
    };
    const hub = await onlineClientOf(fake, { token });
    await pass(2_000);
    expect(fake.urls).toEqual([]);
    expect(hub.connection.get().error).toMatchObject({ code: "UNAVAILABLE" });
    there = true;
    await pass(20_000);

    expect(state(hub)).toBe("online");
  });

  test("thatTheApplicationDeniesIsNotAskedForAgain", async () => {
    const fake = new FakeHub();
    const token = vi.fn(() => {
      throw Object.assign(new Error("logged out"), { code: "ACCESS_DENIED" });
    });
    const hub = await onlineClientOf(fake, { token });
    await pass(60_000);

    expect(state(hub)).toBe("denied");
    expect(token).toHaveBeenCalledTimes(1);
  });
});

test("whoIsForbiddenDoesNotComeBackUntilTheApplicationSaysSo", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  fake.closeAll(4403, "cut");
  await pass(60_000);
  expect(state(hub)).toBe("denied");
  expect(fake.urls).toHaveLength(1);
  hub.connect();
  await pass(10);

  expect(state(hub)).toBe("online");
});

test("whatIsClosedStaysClosed", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  hub.close();
  hub.wake();
  hub.subscribe("room:1");
  await pass(60_000);

  expect(state(hub)).toBe("closed");
  expect(fake.urls).toHaveLength(1);
});

test("fiveHundredSubscriptionsComeBackAtAPaceThatTheHubTakes", async () => {
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  for (let n = 0; n < 500; n++) {
    hub.subscribe(`room:${String(n)}`);
  }
  await pass(50);
  expect(fake.frames("register").length).toBeLessThanOrEqual(110);
  await pass(4_500);

  expect(fake.frames("register")).toHaveLength(500);
});

test("aListenerThatThrowsHarmsNobodyElse", async () => {
  const thrown: unknown[] = [];
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
    void Promise.resolve()
      .then(task)
      .catch((error: unknown) => thrown.push(error));
  });
  const fake = new FakeHub();
  const hub = await onlineClientOf(fake);
  const seen: string[] = [];
  hub.connection.subscribe(() => {
    throw new Error("mine");
  });
  hub.connection.subscribe((info) => seen.push(info.state));
  fake.cutAll();
  await pass(0);

  expect(seen).toContain("reconnecting");
  expect(String(thrown[0])).toContain("mine");
});

function state(hub: Pick<Hub, "connection">): string {
  return hub.connection.get().state;
}

async function until(condition: () => boolean): Promise<void> {
  for (let millis = 0; !condition() && millis < 30_000; millis++) {
    await pass(1);
  }
}
