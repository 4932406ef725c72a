import type { Connection } from "../connection/contract.js";
import { deferred } from "../lib/deferred.js";
import type { Headers, Published } from "../protocol/frames.js";
import { hubError, retryAfter, type HubError } from "../protocol/hub-error.js";
import type { Hub, RequestOptions } from "./hub.js";

/** How a single publish may differ. */
export interface PublishOptions {
  /** The event's id, the same for every retry; made up if there is none. */
  readonly id?: string | undefined;
  readonly resourceId?: string | undefined;
  /** With `versions: rising` the hub refuses one that is not above the resource's last one. */
  readonly resourceVersion?: number | undefined;
  /** The version of the payload's contract. */
  readonly version?: number | undefined;
  /** `false`: not back to this connection. */
  readonly echo?: boolean | undefined;
}

/** A publish, or a request, as it waits; publishes can be kept over a reload of the page. */
export interface Waiting {
  readonly id: string;
  readonly address: string;
  readonly body: unknown;
  readonly headers?: Headers | undefined;
  /** When it is given up, in milliseconds since 1970. */
  readonly until: number;
}

/** Keeps publishes while the page is away. */
export interface QueueStorage {
  put(publish: Waiting): void;
  remove(id: string): void;
}

/** Bounds of the queue. */
export interface QueueOptions {
  /** At most this many publishes and requests wait; 500 if not given. */
  readonly max?: number | undefined;
  /** One that has waited this long is given up, in milliseconds; 5 minutes if not given. */
  readonly ttl?: number | undefined;
  /** Where they are kept over a reload; in memory only if not given. It restores what an earlier page left. */
  readonly storage?:
    | ((restore: (publishes: readonly Waiting[], settled: Settled) => void) => QueueStorage)
    | undefined;
}

/** Told what became of a publish that an earlier page left. */
export type Settled = (
  publish: Waiting,
  error: HubError | undefined,
  published: Published | undefined,
) => void;

interface Item extends Waiting {
  sent?: boolean;
  /** It may happen twice if it is sent twice. */
  readonly once?: boolean;
  readonly settle: (error: HubError | undefined, answer?: unknown) => void;
}

/** What has been published, or asked, and not been answered; `publish` and `request` are the hub's. */
export interface Publishing extends Pick<Hub, "publish" | "request"> {
  /** Sends what waits, in the order in which it was published. */
  pump(): void;
  /** Gives up everything that waits; what is stored stays for the next page. */
  clear(): void;
}

const mostInFlight = 16;
/** The hub closes a connection that sends a larger frame; what is around the event is small. */
const mostBytes = 63 * 1024;

/** Makes a queue; `client` begins the ids of events. */
export function createPublishing(
  { call, isOnline, queued, start }: Connection,
  client: string,
  { max = 500, ttl = 300_000, storage }: QueueOptions = {},
): Publishing {
  let queue: Item[] = [];
  let paused = false;
  let count = 0;

  const changed = (items: Item[]): void => {
    queue = items;
    queued(items.length);
  };

  const end = (item: Item, error?: HubError, answer?: unknown): void => {
    if (queue.includes(item)) {
      changed(queue.filter((each) => each !== item));
      kept?.remove(item.id);
      item.settle(error, answer);
    }
  };

  const pump = (): void => {
    for (const item of queue) {
      if (item.until <= Date.now()) {
        end(item, hubError("TIMEOUT", undefined, { sent: !!item.sent }));
      }
    }
    let room = mostInFlight;
    for (const item of queue) {
      if (paused || !isOnline() || !room--) {
        return;
      }
      if (!item.sent) {
        item.sent = true;
        call(item.address, item.body, item.headers, (error, answer) => {
          const wait = !item.once && error && retryAfter(error);
          item.sent = !wait;
          if (!wait) {
            end(item, error, answer);
            pump();
          } else if (!paused) {
            // What was refused stays before what comes after it.
            paused = true;
            setTimeout(() => {
              paused = false;
              pump();
            }, wait);
          }
        });
      }
    }
  };

  const watch = (item: Item): Item => {
    setTimeout(pump, item.until - Date.now());
    return item;
  };

  const add = async (item: Waiting, once: boolean): Promise<unknown> => {
    const { promise, settle } = deferred<unknown>();
    if (queue.length >= max) {
      throw hubError("QUEUE_FULL");
    }
    if (new TextEncoder().encode(JSON.stringify(item.body)).length > mostBytes) {
      throw hubError("TOO_LARGE");
    }
    if (!once) {
      kept?.put(item);
    }
    start();
    changed([...queue, watch({ ...item, once, settle })]);
    pump();
    return promise;
  };

  const kept = storage?.((publishes, settled) => {
    start();
    changed([
      ...publishes.map((publish) =>
        watch({
          ...publish,
          settle(error, answer) {
            settled(publish, error, answer as Published);
          },
        }),
      ),
      ...queue,
    ]);
    pump();
  });

  return {
    publish(address, type, payload, { echo, ...fields } = {}) {
      const id = fields.id ?? `${client}-${++count}`;
      // The hub goes by the id, and by the key where a body may be any JSON.
      const headers = { "Idempotency-Key": id, echo: echo === false ? "false" : undefined };
      const body = { type, payload, ...fields, id };
      return add(
        { id, address, body, headers, until: Date.now() + ttl },
        false,
      ) as Promise<Published>;
    },
    request: <Answer>(
      address: string,
      body: unknown,
      { headers, timeout = 30_000 }: RequestOptions = {},
    ) =>
      add({ id: "", address, body, headers, until: Date.now() + timeout }, true) as Promise<Answer>,
    pump,
    clear() {
      const open = queue;
      changed([]);
      for (const item of open) {
        item.settle(hubError("CLOSED"));
      }
    },
  };
}
