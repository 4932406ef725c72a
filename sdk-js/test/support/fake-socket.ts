import type { WebSocketLike } from "../../src/index.js";

/** What a socket needs of the side that it leads to. */
export interface FakeServer {
  opened(socket: FakeSocket): void;
  received(socket: FakeSocket, text: string): void;
  /** How long a message takes, in milliseconds of the fake clock. */
  latency(): number;
}

/** A WebSocket without a network: messages take their time, keep their order, and go with the socket. */
export class FakeSocket implements WebSocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  /** Neither side hears the other any more, and nobody is told. */
  silent = false;
  private over = false;
  private readonly gathered: string[] = [];
  private readonly ways = { toServer: 0, toClient: 0 };

  constructor(
    readonly url: string,
    private readonly server: FakeServer,
  ) {
    this.later("toServer", () => {
      server.opened(this);
    });
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The client sends. */
  send(text: string): void {
    this.later("toServer", () => {
      this.server.received(this, text);
    });
  }

  /** The client closes. */
  close(): void {
    this.over = true;
  }

  /** The server lets the client in. */
  accept(): void {
    this.later("toClient", () => this.onopen?.());
  }

  /** The server sends; what it sends in one turn comes as one message, as from a hub that was asked for batches. */
  deliver(text: string): void {
    this.gathered.push(text);
    if (this.gathered.length === 1) {
      void Promise.resolve().then(() => {
        this.flush();
      });
    }
  }

  private flush(): void {
    const frames = this.gathered.splice(0);
    const data = frames.length === 1 ? frames[0] : `[${frames.join()}]`;
    if (frames.length > 0) {
      this.later("toClient", () => this.onmessage?.({ data } as never));
    }
  }

  /** The server closes, after what it has sent. */
  end(code: number, reason: string): void {
    this.flush();
    this.later("toClient", () => {
      this.cut(code, reason);
    });
  }

  /** The network breaks: what is under way is gone. */
  cut(code = 1006, reason = ""): void {
    if (!this.over) {
      this.over = true;
      this.onclose?.({ code, reason } as never);
    }
  }

  private later(way: "toServer" | "toClient", act: () => void): void {
    const now = performance.now();
    const at = Math.max(this.ways[way], now + this.server.latency());
    this.ways[way] = at;
    setTimeout(() => {
      if (!this.over && !this.silent) {
        act();
      }
    }, at - now);
  }
}
