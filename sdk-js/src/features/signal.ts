import type { Hub } from "../client/hub.js";
import type { HubEvent } from "../protocol/frames.js";
import { store, type Readable } from "../lib/readable.js";

/** The newest value of one sender. */
export interface Signalled<Value> {
  readonly value: Value;
  /** Who sent it, as the hub knows the sender. */
  readonly user: string | undefined;
  /** When it came, by `performance.now()`. */
  readonly at: number;
}

/** How often a value is sent, and how long it is good for. */
export interface SignalOptions {
  /** At most once in so many milliseconds, the newest always in the end; 50 if not given. */
  readonly every?: number | undefined;
  /** A value that is older, by when it came, is gone, in milliseconds; 5,000 if not given. */
  readonly ttl?: number | undefined;
}

/** Values that are worthless a moment later: cursors, typing. */
export interface Signal<Value> extends Readable<ReadonlyMap<string, Signalled<Value>>> {
  /** Sends a value to everybody else, now or as soon as the pace allows; while offline it is dropped. */
  send(value: Value): void;
  /** Takes the value back. */
  stop(): void;
  /** Ends it. */
  leave(): void;
}

/**
 * Shares a value with everybody at an address whose delivery is `signal`.
 *
 * Values are kept by sender, one for each client. They expire by when they came, which each reading checks anew: in a
 * hidden page timers run late.
 *
 * @param type the event's type: an address may carry several signals
 */
export function signal<Value>(
  hub: Pick<Hub, "wire">,
  address: string,
  type: string,
  { every = 50, ttl = 5_000 }: SignalOptions = {},
): Signal<Value> {
  const { id, join, call, isOnline } = hub.wire;
  const values = store<ReadonlyMap<string, Signalled<Value>>>(new Map());
  let next: Value | null | undefined;
  let sentAt = -Infinity;
  let trailing: ReturnType<typeof setTimeout> | undefined;
  let expiry: ReturnType<typeof setTimeout> | undefined;

  const get = (): ReadonlyMap<string, Signalled<Value>> => {
    const now = performance.now();
    const all = [...values.get()];
    const fresh = all.filter(([, { at }]) => now - at < ttl);
    if (fresh.length < all.length) {
      change(new Map(fresh));
    }
    return values.get();
  };

  const change = (next: ReadonlyMap<string, Signalled<Value>>): void => {
    clearTimeout(expiry);
    // Whoever sends again goes to the end.
    const [oldest] = next.values();
    if (oldest) {
      // A millisecond more: browsers cut a timer's fraction off, and a value that is looked at too early would stay.
      expiry = setTimeout(get, oldest.at + ttl - performance.now() + 1);
    }
    values.set(next);
  };

  const flush = (): void => {
    trailing = undefined;
    if (next === undefined || !isOnline()) {
      return;
    }
    const wait = sentAt + every - performance.now();
    if (wait > 0) {
      trailing = setTimeout(flush, wait);
      return;
    }
    sentAt = performance.now();
    const body = { type, payload: next, resourceId: id };
    next = undefined;
    call(address, body, { echo: "false" });
  };

  const send = (value: Value | null): void => {
    next = value;
    clearTimeout(trailing);
    flush();
  };

  const leave = join(address, {
    event(body) {
      const { type: named, resourceId, actorId, payload } = body as HubEvent<Value | null>;
      const sender = resourceId ?? actorId ?? "";
      if (named === type && sender !== id) {
        const all = new Map(values.get());
        all.delete(sender);
        if (payload !== null) {
          all.set(sender, { value: payload, user: actorId, at: performance.now() });
        }
        change(all);
      }
    },
  });

  return {
    get,
    subscribe: values.subscribe,
    send,
    stop() {
      send(null);
    },
    leave() {
      clearTimeout(trailing);
      clearTimeout(expiry);
      leave();
    },
  };
}
