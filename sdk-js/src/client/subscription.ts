import { deferred } from "../lib/deferred.js";
import { store, type Readable } from "../lib/readable.js";
import { safely } from "../lib/safely.js";
import type { Position } from "../protocol/frames.js";
import { hubError, type HubError } from "../protocol/hub-error.js";
import { isIn } from "../protocol/position.js";
import type { Addresses, Member } from "./addresses.js";
import type { AnyEvent, EventOf, TypeOf } from "./events.js";

/**
 * Where a subscription stands.
 *
 * - `joining`: not live yet, or not any more, because the connection is gone
 * - `live`: every event comes as it happens
 * - `recovering`: a gap was told, and `onGap` is at work
 * - `degraded`: the hub cannot serve the address for now; nothing will be skipped
 * - `denied`: refused or revoked; tried again on the next connection
 * - `closed`: it was unsubscribed
 */
export type SubscriptionState =
  "joining" | "live" | "recovering" | "degraded" | "denied" | "closed";

/** Events that this client can never be told: it has to get what they did from elsewhere. */
export interface Gap {
  /**
   * Why: `epoch`, `diverged`, `retention` and `too_far` are the hub's (the log is another one, lost its end, has let go
   * of them, or too many are missing), `initial` is the first snapshot of a subscription with `initial`, and anything
   * else is what `reload` was called with.
   */
  readonly reason: string;
  /** Everything after this comes as events. */
  readonly position: Position | undefined;
}

/** What an application does with an address; what is called is looked up at each call. */
export interface Handlers<Events> {
  /** Called for every event, in order and once. The body as it is where the rule says `body: any`. */
  readonly onEvent?: (event: AnyEvent<Events>, position: Position | undefined) => void;
  /** Called for events of one type, after `onEvent`. */
  readonly on?: {
    readonly [Type in TypeOf<Events>]?: (
      event: EventOf<Events, Type>,
      position: Position | undefined,
    ) => void;
  };
  /**
   * Called when events are lost to this client: load a snapshot and return its position.
   *
   * What comes meanwhile is held. Afterwards events up to the position are dropped and later ones delivered; without a
   * position all of them are. If it throws it is called again, after a growing wait.
   */
  readonly onGap?: (gap: Gap) => Promise<Position | undefined> | Position | undefined;
  /** Called when the state changes. */
  readonly onState?: (state: SubscriptionState, error: HubError | undefined) => void;
  /** Resume after it, such as one that was saved in an earlier session. */
  readonly position?: Position | undefined;
  /** First the latest this many events, 1 to 1,000; with `latest` delivery the current values come without asking. */
  readonly recent?: number | undefined;
  /** Begin with a snapshot: `onGap` is called first, with the reason `initial`. */
  readonly initial?: boolean | undefined;
}

/** One subscriber of an address. */
export interface Subscription {
  readonly address: string;
  readonly state: Readable<SubscriptionState>;
  /** Ends when it is live for the first time, the first snapshot included; fails when it is refused or closed before. */
  readonly ready: Promise<void>;
  /** Whether nothing was lost since the subscription began. */
  readonly recovered: boolean;
  /** The last thing that was applied: what to save and to resume from. */
  readonly position: Position | undefined;
  /** Has `onGap` called with this reason, as if events had been lost. */
  reload(reason: string): void;
  /** Ends it; nothing is called any more. */
  unsubscribe(): void;
}

/** So many events are held while `onGap` is at work; with more, the hub is asked for them again. */
const mostHeld = 2_000;

type Held = readonly [body: unknown, position: Position | undefined];

/** Adds a subscriber to an address. */
export function createSubscription<Events>(
  addresses: Addresses,
  address: string,
  handlers: Handlers<Events>,
): Subscription {
  const state = store<SubscriptionState>("joining");
  let at = handlers.position;
  let applied = at;
  let recovered = true;
  let starting = handlers.initial;
  let gap: Gap | undefined;
  let held: Held[] | undefined;
  let closed = false;
  const { promise: ready, settle } = deferred();
  ready.catch(() => undefined);

  const become = (next: SubscriptionState, error?: HubError): void => {
    if (!closed && state.get() !== next) {
      state.set(next);
      if (error ?? next === "live") {
        settle(error);
      }
      safely(handlers.onState, next, error);
    }
  };

  const deliver = (body: unknown, position: Position | undefined): void => {
    applied = position ?? applied;
    const event = body as AnyEvent<Events>;
    safely(handlers.onEvent, event, position);
    const on = handlers.on as Partial<Record<string, typeof handlers.onEvent>> | undefined;
    safely(on?.[(event as Partial<typeof event> | null)?.type as string], event, position);
  };

  const open = (reason: string, position: Position | undefined): void => {
    const running = gap;
    gap = { reason, position };
    held = [];
    become("recovering");
    if (!running) {
      void mend();
    }
  };

  const mend = async (): Promise<void> => {
    let wait = 125;
    while (gap && !closed) {
      const mine = gap;
      try {
        const snapshot = await handlers.onGap?.(mine);
        if (mine === gap) {
          close(mine, snapshot);
        }
      } catch (error) {
        safely(() => {
          throw error;
        });
        wait = Math.min(2 * wait, 20_000);
        await new Promise((resolve) => setTimeout(resolve, wait * Math.random()));
      }
    }
  };

  /** Goes on behind the snapshot, with what was held or, if that is not enough, with what the hub still has. */
  const close = (mine: Gap, snapshot: Position | undefined): void => {
    const waiting = held;
    const from = snapshot ?? mine.position;
    gap = held = undefined;
    if (closed) {
      return;
    }
    applied = from ?? applied;
    if (!waiting || (snapshot && mine.position && !isIn(mine.position, snapshot))) {
      at = from;
      become("joining");
      addresses.rejoin(address);
      return;
    }
    become("live");
    for (const [body, position] of waiting) {
      if (!isIn(position, snapshot)) {
        deliver(body, position);
      }
    }
    if (snapshot && (!at || isIn(at, snapshot))) {
      at = snapshot;
    }
  };

  const member: Member = {
    recent: handlers.recent,
    at: () => at,
    event(body, position) {
      if (position) {
        if (isIn(position, at)) {
          return;
        }
        if (at && !isIn(at, position)) {
          // Of another history, and nobody said so: ask.
          addresses.rejoin(address);
          return;
        }
        at = position;
      }
      if (gap) {
        if (held && held.length < mostHeld) {
          held.push([body, position]);
        } else {
          held = undefined;
        }
      } else {
        deliver(body, position);
        if (state.get() === "degraded") {
          become("live");
        }
      }
    },
    live(position) {
      at ??= position;
      applied ??= at;
      if (starting) {
        starting = false;
        open("initial", at);
      }
      if (!gap) {
        become("live");
      }
    },
    lost({ details }) {
      recovered = false;
      at = details.position;
      open(String(details["reason"]), at);
    },
    refused(error) {
      become("denied", error);
    },
    notice(event) {
      if (event === "hub.degraded" && !gap) {
        become("degraded");
      }
    },
    away() {
      if (!gap && state.get() !== "denied") {
        become("joining");
      }
    },
  };
  const leave = addresses.join(address, member);

  return {
    address,
    state,
    ready,
    get recovered() {
      return recovered;
    },
    get position() {
      return applied;
    },
    reload(reason) {
      if (!closed) {
        open(reason, at);
      }
    },
    unsubscribe() {
      become("closed");
      closed = true;
      settle(hubError("CLOSED"));
      leave();
    },
  };
}
