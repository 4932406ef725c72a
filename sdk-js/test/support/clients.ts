import { vi } from "vitest";
import { Hub, type HubOptions, type Position } from "../../src/index.js";
import type { FakeHub } from "./fake-hub.js";
import { pass } from "./time.js";

/** Events as the tests count them. */
export interface Counted {
  readonly counted: number;
}

/** Makes a client of a fake hub that waits as long as it may between attempts. */
export function clientOf(fake: FakeHub, options: HubOptions = {}): Hub<Counted> {
  return new Hub<Counted>("http://hub.test/eventbus", { WebSocket: fake.WebSocket, ...options });
}

/** Makes one that is online. */
export async function onlineClientOf(
  fake: FakeHub,
  options: HubOptions = {},
): Promise<Hub<Counted>> {
  const hub = clientOf(fake, options);
  hub.connect();
  await pass(10);
  return hub;
}

/** What a subscriber was told, in the order in which it was told. */
export interface Told {
  readonly all: (number | string)[];
  readonly positions: (Position | undefined)[];
}

/** Subscribes and keeps what comes: numbers of events, `gap REASON`, and states as `STATE` when they are asked for. */
export function listen(
  hub: Hub<Counted>,
  address: string,
  more: Parameters<Hub<Counted>["subscribe"]>[1] = {},
): Told & { readonly subscription: ReturnType<Hub<Counted>["subscribe"]> } {
  const all: (number | string)[] = [];
  const positions: (Position | undefined)[] = [];
  const { onGap } = more;
  const subscription = hub.subscribe(address, {
    ...more,
    onEvent: (event, position) => {
      all.push(event.payload);
      positions.push(position);
    },
    onGap: (gap) => {
      all.push(`gap ${gap.reason}`);
      return onGap?.(gap);
    },
  });
  return { all, positions, subscription };
}

/** Makes every random wait as long as it can be. */
export function longestWaits(): void {
  vi.spyOn(Math, "random").mockReturnValue(1);
}
