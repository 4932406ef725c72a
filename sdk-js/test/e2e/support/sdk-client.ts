import { WebSocket } from "ws";
import {
  Hub,
  type ConnectionInfo,
  type Handlers,
  type HubOptions,
  type Position,
  type Subscription,
} from "../../../src/index.js";
import { until } from "./until.js";

/** Events as the tests count them. */
export interface Counted {
  readonly [type: string]: unknown;
  readonly counted: { readonly n: number };
}

/** What a subscriber was told, in order: the numbers of events, and gaps by their reasons. */
export interface Told {
  readonly all: (number | string)[];
  readonly positions: (Position | undefined)[];
  readonly subscription: Subscription;
}

const opened = new Set<Hub<Counted>>();

/** Makes a client of the hub at `hubUrl`, in Node. */
export function sdkClient(hubUrl: string, options: HubOptions = {}): Hub<Counted> {
  const hub = new Hub<Counted>(`${hubUrl}/eventbus`, { WebSocket, ...options });
  opened.add(hub);
  return hub;
}

/** Closes every client that a test opened. */
export function closeSdkClients(): void {
  for (const hub of opened) {
    hub.close();
  }
  opened.clear();
}

/** Subscribes and keeps what is told. */
export function listen(hub: Hub<Counted>, address: string, handlers: Handlers<Counted> = {}): Told {
  const all: (number | string)[] = [];
  const positions: (Position | undefined)[] = [];
  const subscription = hub.subscribe(address, {
    ...handlers,
    onEvent: (event, position) => {
      all.push((event.payload as { n: number }).n);
      positions.push(position);
    },
    onGap: (gap) => {
      all.push(`gap ${gap.reason}`);
      return handlers.onGap?.(gap);
    },
  });
  return { all, positions, subscription };
}

/** Waits until the connection is in a state. */
export async function inState(
  hub: Pick<Hub, "connection">,
  state: ConnectionInfo["state"],
): Promise<void> {
  await until(
    `state ${state}`,
    () => hub.connection.get().state === state,
    () => hub.connection.get(),
  );
}
