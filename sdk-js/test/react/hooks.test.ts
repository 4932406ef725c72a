// @vitest-environment happy-dom
import { act, createElement, StrictMode, useState, type FunctionComponent } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Hub } from "../../src/index.js";
import {
  HubProvider,
  useConnection,
  useModel,
  usePresence,
  useSignal,
  useSubscription,
} from "../../src/react.js";
import { model } from "../../src/features/model.js";
import { clientOf, type Counted } from "../support/clients.js";
import { FakeHub } from "../support/fake-hub.js";
import { pass, useFakeTime } from "../support/time.js";

useFakeTime();

const room = "room:1";
let root: Root;
let place: HTMLElement;
let fake: FakeHub;
let hub: Hub<Counted>;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  place = document.createElement("div");
  root = createRoot(place);
  fake = new FakeHub();
  hub = clientOf(fake);
});

afterEach(() => {
  act(() => {
    root.unmount();
  });
  hub.close();
  vi.unstubAllGlobals();
});

/** Shows components as an application in development does, twice. */
async function show(...components: readonly FunctionComponent[]): Promise<void> {
  const children = components.map((component, key) => createElement(component, { key }));
  act(() => {
    root.render(createElement(StrictMode, null, createElement(HubProvider, { hub }, children)));
  });
  await act(() => pass(20));
}

const Feed: FunctionComponent = () => {
  const [all, setAll] = useState<readonly number[]>([]);
  const state = useSubscription<Counted>(room, {
    onEvent: ({ payload }) => {
      setAll((before) => [...before, payload]);
    },
  });
  return createElement("p", null, `${state} ${all.join()};`);
};

test("fiveComponentsOfOneAddressAreOneRegistrationAndTheirEndIsOneUnregistration", async () => {
  await show(Feed, Feed, Feed, Feed, Feed);
  expect(place.textContent).toBe("live ;".repeat(5));
  expect(fake.frames("register")).toHaveLength(1);
  await act(async () => {
    fake.publish(room, 1);
    await pass(20);
    fake.publish(room, 2);
    await pass(20);
  });
  expect(place.textContent).toBe("live 1,2;".repeat(5));

  await show();
  await act(() => pass(900));
  await show(Feed);
  await act(() => pass(2_000));
  expect(place.textContent).toBe("live ;");
  expect(fake.frames("register")).toHaveLength(1);
  expect(fake.frames("unregister")).toHaveLength(0);
  await show();
  await act(() => pass(2_000));

  expect(fake.frames("register")).toHaveLength(1);
  expect(fake.frames("unregister")).toHaveLength(1);
});

test("aComponentWithoutAnAddressDoesNothing", async () => {
  await show(() => createElement("p", null, useSubscription(null, {})));

  expect(place.textContent).toBe("joining");
  expect(fake.urls).toEqual([]);
});

test("anotherHubOfTheProviderIsTakenUpByEveryHook", async () => {
  const Present: FunctionComponent = () => createElement("p", null, usePresence(room).users);
  await show(Feed, Present);
  const first = hub;
  const other = new FakeHub();
  hub = clientOf(other);
  await show(Feed, Present);
  await act(() => pass(2_000));
  first.close();

  expect(other.frames("register")).toMatchObject([{ headers: { presence: "true" } }]);
  expect(fake.frames("unregister")).toHaveLength(1);
});

test("theConnectionIsShownByWhatIsSelectedOfIt", async () => {
  let renderings = 0;
  const Status: FunctionComponent = () => {
    renderings++;
    return createElement(
      "p",
      null,
      useConnection((info) => info.state),
    );
  };
  await show(Status, Feed);
  const before = renderings;
  expect(place.textContent).toContain("online");
  await act(async () => {
    hub.publish(room, "counted", 1).catch(() => undefined);
    await pass(20);
  });

  expect(renderings).toBe(before);
});

test("presenceIsThereWithTheComponentAndItsStateIsToldByValue", async () => {
  let again: () => void = () => undefined;
  const Who: FunctionComponent = () => {
    const [count, setCount] = useState(0);
    again = () => {
      setCount(count + 1);
    };
    const roster = usePresence(room, { view: count > 1 ? "writing" : "reading" });
    return createElement("p", null, [...roster.members.keys()].join());
  };
  await show(Who);
  const roster = [{ user: "sarah", devices: [] }];
  await act(async () => {
    const message = { address: room, seq: 1, users: 1, devices: 1, roster };
    fake.tellAll({ event: "hub.presence", message });
    await pass(20);
  });
  expect(place.textContent).toBe("sarah");
  for (let i = 0; i < 2; i++) {
    act(() => {
      again();
    });
  }
  await act(() => pass(20));

  expect(fake.frames("send").map(({ body }) => (body as { state: unknown }).state)).toEqual([
    { view: "reading" },
    { view: "writing" },
  ]);
  expect(fake.frames("register")).toHaveLength(1);
});

test("signalsOfOthersAreShownAndOnesOwnIsSent", async () => {
  let send: (value: number) => void = () => undefined;
  const Cursors: FunctionComponent = () => {
    const [values, sendValue] = useSignal<number>(room, "cursor");
    send = sendValue;
    return createElement("p", null, [...values.values()].map(({ value }) => value).join());
  };
  await show(Cursors);
  await act(async () => {
    send(7);
    const body = { type: "cursor", payload: 9, resourceId: "other" };
    fake.tellAll({ type: "rec", address: room, body });
    await pass(20);
  });

  expect(place.textContent).toBe("9");
  expect(fake.frames("send")).toMatchObject([{ body: { type: "cursor", payload: 7 } }]);
});

test("aModelIsShown", async () => {
  const sum = model<number, Counted>(hub, room, {
    load: () => ({ state: 1 }),
    apply: (state, { payload }) => state + payload,
  });
  await show(() => createElement("p", null, useModel(sum)));
  act(() => {
    sum.mutate("counted", 2);
  });
  expect(place.textContent).toBe("3");
  await act(() => pass(50));

  expect(place.textContent).toBe("3");
});
