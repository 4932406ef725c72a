import EventBus, {
  type Closed,
  type Handler,
  type Message,
  type Refusal,
} from "@vertx/eventbus-bridge-client.js";
import { decodeMessage, type NoticeFrame, type ServerFrame } from "../../../src/index.js";
import { until, within, witnesses } from "./until.js";

/** The ways of the stock client to the hub. */
export const transports = ["websocket", "xhr-streaming", "xhr-polling"] as const;

/** One of them. */
export type Transport = (typeof transports)[number];

/** What came for one registered handler, in the order in which it came. */
export interface Received {
  readonly events: Message[];
  readonly refusals: Refusal[];
}

/** Where a client connects and as whom. */
export interface ClientOptions {
  readonly hubUrl: string;
  readonly transport?: Transport;
  readonly token?: string;
}

const opened = new Set<StockClient>();

witnesses.add(() =>
  [...opened].map((client) => ({
    closes: client.closes,
    errors: client.errors,
    frames: client.frames.length,
    lastFrames: client.frames.slice(-2),
  })),
);

/** The unmodified stock client, with a record of everything it was told. */
export class StockClient {
  /** Every frame, decoded from the text that the stock client was handed. */
  readonly frames: ServerFrame[] = [];
  /** What reached `onevent`. */
  readonly notices: NoticeFrame[] = [];
  /** What reached `onerror`: refusals that no handler took. */
  readonly errors: unknown[] = [];
  /** Every close, with the code that SockJS tells. */
  readonly closes: Closed[] = [];
  /** Runs whenever the connection opens: the place to register, as after a reconnect nothing is registered. */
  onOpen: () => void = () => undefined;

  private readonly bus: EventBus;
  private readonly handlers = new Map<string, Handler>();
  private openings = 0;

  private constructor(options: ClientOptions) {
    const query = options.token === undefined ? "" : `?access_token=${options.token}`;
    this.bus = new EventBus(`${options.hubUrl}/eventbus${query}`, {
      transports: options.transport ?? "websocket",
      vertxbus_reconnect_delay_min: 50,
      vertxbus_reconnect_delay_max: 200,
    });
    this.bus.onopen = () => {
      this.listen();
    };
    this.bus.onclose = (closed) => this.closes.push({ code: closed.code, reason: closed.reason });
    this.bus.onerror = (error) => this.errors.push(error);
    this.bus.onevent = (event, message) =>
      this.notices.push({ event, message: message as NoticeFrame["message"] }) > 0;
    this.bus.onunhandled = (frame) => {
      if ((frame as { type?: string }).type === "err") {
        this.errors.push(frame);
      }
    };
  }

  /** Begins to connect. */
  static connect(options: ClientOptions): StockClient {
    const client = new StockClient(options);
    opened.add(client);
    return client;
  }

  /** Connects and waits until the connection is open. */
  static async open(options: ClientOptions): Promise<StockClient> {
    const client = StockClient.connect(options);
    await until(
      "open connection",
      () => client.openings > 0,
      () => client.closes,
    );
    return client;
  }

  /** Closes every client that a test opened. */
  static closeAll(): void {
    for (const client of opened) {
      client.bus.close();
    }
    opened.clear();
  }

  /** Registers a handler, without waiting for anything. */
  register(
    address: string,
    headers: Record<string, string> = {},
    received: Received = { events: [], refusals: [] },
  ): Received {
    const handler: Handler = (refusal, message) => {
      if (refusal !== null) {
        received.refusals.push(refusal);
      } else if (message !== undefined) {
        received.events.push(message);
      }
    };
    this.handlers.set(address, handler);
    this.bus.registerHandler(address, { ...headers }, handler);
    return received;
  }

  /** Takes back the handler of an address. */
  unregister(address: string): void {
    const handler = this.handlers.get(address);
    if (handler !== undefined) {
      this.bus.unregisterHandler(address, {}, handler);
    }
  }

  /** Registers a handler and waits until the hub says that the subscription is live. */
  async subscribe(address: string, headers: Record<string, string> = {}): Promise<Received> {
    const received = this.register(address, { ...headers, notices: "true" });
    await until(
      `hub.subscribed for ${address}`,
      () => this.noticesOf("hub.subscribed", address).length > 0,
      () => ({ received, notices: this.notices, closes: this.closes }),
    );
    return received;
  }

  /** Sends and waits for the answer; fails with the refusal. */
  send(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Message> {
    const answer = new Promise<Message>((resolve, reject) => {
      this.bus.send(address, body, { ...headers }, (refusal, message) => {
        if (refusal === null && message !== undefined) {
          resolve(message);
        } else {
          reject(new Refused(refusal));
        }
      });
    });
    return within(`answer from ${address}`, answer);
  }

  /** Publishes without an answer. */
  publish(address: string, body: unknown, headers: Record<string, string> = {}): void {
    this.bus.publish(address, body, { ...headers });
  }

  /** Comes back by itself after a cut. */
  reconnectByItself(): void {
    this.bus.enableReconnect(true);
  }

  /** Returns the notices of one name about one address. */
  noticesOf(event: string, address: string): readonly NoticeFrame[] {
    return this.notices.filter((n) => n.event === event && n.message.address === address);
  }

  /** Waits until the connection is closed and returns how. */
  async closed(): Promise<Closed> {
    await until(
      "close",
      () => this.closes.length > 0,
      () => this.frames.slice(-5),
    );
    const [closed] = this.closes;
    if (closed === undefined) {
      throw new Error("closes: emptied while waiting");
    }
    return closed;
  }

  private listen(): void {
    const connection = this.bus.sockJSConn;
    const stock = connection.onmessage;
    connection.onmessage = (event) => {
      this.frames.push(...decodeMessage(event.data));
      stock(event);
    };
    this.openings += 1;
    this.onOpen();
  }
}

/** A `send` that the hub refused. */
export class Refused extends Error {
  override readonly name = "Refused" as const;

  constructor(readonly refusal: Refusal | null) {
    super(refusal === null ? "neither answer nor refusal" : refusal.failureType);
  }
}
