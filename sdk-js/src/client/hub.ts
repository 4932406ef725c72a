import { createConnection } from "../connection/connection.js";
import type {
  Connection,
  ConnectionInfo,
  ConnectionListener,
  Token,
} from "../connection/contract.js";
import type { Transport } from "../connection/transport.js";
import { webSocket, type WebSocketClass } from "../connection/websocket.js";
import { randomId } from "../lib/random-id.js";
import type { Readable } from "../lib/readable.js";
import type { Headers, Published } from "../protocol/frames.js";
import { createAddresses, type Addresses } from "./addresses.js";
import type { EventMap, TypeOf } from "./events.js";
import { createPublishing, type PublishOptions, type QueueOptions } from "./publishing.js";
import { createSubscription, type Handlers, type Subscription } from "./subscription.js";

/** How a hub is reached, and as whom. */
export interface HubOptions {
  /** A token, or a function that gets one; without, the connection is anonymous. */
  readonly token?: Token | undefined;
  /** The class of sockets where there is no global one, such as `WebSocket` of `ws` in Node 20. */
  readonly WebSocket?: WebSocketClass | undefined;
  /** Other ways to the hub than a WebSocket; the next one is tried when one cannot be opened. */
  readonly transports?: readonly Transport[] | undefined;
  /** Bounds of the queue of publishes. */
  readonly queue?: QueueOptions | undefined;
}

/** How a request may differ. */
export interface RequestOptions {
  /** How long to wait for the connection and the answer together, in milliseconds; 30 s if not given. */
  readonly timeout?: number | undefined;
  /** Headers for the service. */
  readonly headers?: Headers | undefined;
}

/**
 * What the SDK's own features are built on: the wire below subscriptions and publishes.
 *
 * Applications have no need of it.
 */
export interface Wire
  extends Pick<Addresses, "join" | "rejoin">, Pick<Connection, "call" | "isOnline"> {
  /** Tells this client from every other one. */
  readonly id: string;
}

/** A client of one hub. */
export interface Hub<Events = EventMap> {
  /** Where the connection stands. */
  readonly connection: Readable<ConnectionInfo>;
  readonly wire: Wire;
  /** Listens to an address; connects if nothing has before. */
  subscribe(address: string, handlers?: Handlers<Events>): Subscription;
  /**
   * Publishes an event, and ends when it is safe.
   *
   * While offline it waits; whatever happens to the connection, it is sent with the same id until it is answered, so that
   * the event is there once. Fails with what the hub refused it for, with `TIMEOUT`, `TOO_LARGE`, `QUEUE_FULL` or `CLOSED`.
   */
  publish<Type extends TypeOf<Events>>(
    address: string,
    type: Type,
    payload: Events[Type],
    options?: PublishOptions,
  ): Promise<Published>;
  /**
   * Asks a service, or publishes any JSON where the rule says `body: any`, and returns the answer.
   *
   * It waits for the connection but is sent once only: `OFFLINE` and `TIMEOUT` leave open whether it happened.
   */
  request<Answer = unknown>(
    address: string,
    body: unknown,
    options?: RequestOptions,
  ): Promise<Answer>;
  /** Connects now; also the way back from `denied` and `closed`. */
  connect(): void;
  /** Looks at the connection now, such as when an app comes back to the foreground. */
  wake(): void;
  /** Gets a new token and shows it, such as after the user's rights have changed. */
  refreshToken(): Promise<void>;
  /**
   * Closes the connection and gives up what waits; publishes that are stored are left to the next page, and subscriptions
   * stay for the next `connect`.
   */
  close(): void;
}

/** Makes a client of the hub that is mounted at `url`, such as `/eventbus`. */
export const Hub = function (url: string, options: HubOptions = {}): Hub {
  const id = randomId() + randomId();
  const { token, transports = [webSocket(options.WebSocket)], queue } = options;
  const listener = {} as ConnectionListener;
  const connection = createConnection(url, { token, transports }, listener);
  const addresses = createAddresses(connection);
  const publishing = createPublishing(connection, id, queue);
  Object.assign(listener, addresses, {
    ready() {
      addresses.ready();
      publishing.pump();
    },
  });

  return {
    connection: connection.info,
    wire: { id, ...addresses, ...connection },
    subscribe: (address, handlers = {}) => createSubscription(addresses, address, handlers),
    publish: publishing.publish,
    request: publishing.request,
    connect: connection.connect,
    wake: connection.wake,
    refreshToken: connection.refreshToken,
    close() {
      connection.close();
      publishing.clear();
    },
  };
} as unknown as new <Events = EventMap>(url: string, options?: HubOptions) => Hub<Events>;
