import type { WebSocketClass, WebSocketLike } from "@hubbub/client";

/** A frame as it went over a pane's socket, or a note about the socket itself. */
export interface LoggedFrame {
  readonly at: number;
  /** What came, what went, and what became of the way itself: a note, or trouble. */
  readonly way: "in" | "out" | "note" | "trouble";
  readonly text: string;
}

/**
 * A pane's way to the network, with a log and with hands to disturb it.
 *
 * The hub client gets its `WebSocket` class; each of its sockets is a real one. Of the frames, the newest thousands are kept.
 */
export interface Lab {
  readonly WebSocket: WebSocketClass;
  readonly frames: readonly LoggedFrame[];
  readonly isCut: boolean;
  readonly isFrozen: boolean;
  /** Which node the socket leads to; counts from 0. */
  readonly node: number;
  /** How many messages came over the sockets, each one frame or a batch of them, and how many bytes of text. */
  readonly traffic: { readonly messages: number; readonly bytes: number };
  /** How many milliseconds a ping and its pong took the last time. */
  readonly latency: number | undefined;
  /** Closes the socket, and lets no new one be opened until `restore`. */
  cut(): void;
  restore(): void;
  /** Hands on nothing that comes until `thaw`; what comes meanwhile is held, and handed on then, in order. */
  freeze(): void;
  thaw(): void;
  /** Loses the next event of this type between the socket and the client, as no socket ever should. */
  dropNext(type: string): void;
  /** Asks the hub for a sign of life, to measure how long it takes. */
  ping(): void;
  /** Called for every frame, with it, and for every change. */
  subscribe(listener: (frame?: LoggedFrame) => void): () => void;
}

const mostFrames = 5_000;
const utf8 = new TextEncoder();

/**
 * Makes one.
 *
 * @param nodes the hub's nodes, "" for the page's own origin; each new socket goes to the next one
 * @param first to which the first one goes
 */
export function createLab(nodes: readonly string[], first = 0): Lab {
  const frames: LoggedFrame[] = [];
  const listeners = new Set<(frame?: LoggedFrame) => void>();
  const held: (() => void)[] = [];
  /** Whose pong comes next: ours, with when it was asked for, or the client's. */
  let pings: (number | undefined)[] = [];
  let open: LabSocket | undefined;
  let dropped: string | undefined;
  let next = first;

  const changed = (frame?: LoggedFrame): void => {
    for (const listener of listeners) {
      listener(frame);
    }
  };

  const log = (way: LoggedFrame["way"], text: string): void => {
    const frame = { at: Date.now(), way, text };
    frames.push(frame);
    if (frames.length > mostFrames * 1.1) {
      frames.splice(0, frames.length - mostFrames);
    }
    changed(frame);
  };

  /** Takes out the pongs that answer our own pings, and logs the rest frame by frame; returns what the client is to get. */
  const hear = (text: string): string | undefined => {
    const parsed = JSON.parse(text) as unknown;
    const all = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
    const rest = all.filter((frame) => {
      if ((frame as { type?: string }).type === "pong") {
        const asked = pings.shift();
        if (asked !== undefined) {
          lab.latency = Math.max(0, Math.round(performance.now() - asked));
          changed();
          return false;
        }
      } else {
        log("in", JSON.stringify(frame));
      }
      const { type } = (frame as { body?: { type?: string } | null }).body ?? {};
      if (type !== undefined && type === dropped) {
        dropped = undefined;
        log("trouble", `${type} lost on purpose`);
        return false;
      }
      return true;
    });
    if (rest.length === all.length) {
      return text;
    }
    return rest.length > 0 ? JSON.stringify(rest) : undefined;
  };

  const opened = (socket: LabSocket): void => {
    open = socket;
  };

  class LabSocket implements WebSocketLike {
    onopen: WebSocketLike["onopen"] = null;
    onmessage: WebSocketLike["onmessage"] = null;
    onclose: WebSocketLike["onclose"] = null;
    onerror: WebSocketLike["onerror"] = null;
    private socket: WebSocket | undefined;

    constructor(url: string) {
      lab.node = next++ % nodes.length;
      if (lab.isCut) {
        setTimeout(() => {
          this.ended(1006, "the network is cut");
        });
        return;
      }
      const to = new URL(url);
      const { host } = new URL(nodes[lab.node] ?? "", globalThis.location.href);
      to.host = host;
      const socket = new WebSocket(to);
      this.socket = socket;
      socket.onopen = (event) => {
        opened(this);
        pings = [];
        log("note", `socket open to ${host}`);
        this.onopen?.(event as never);
        lab.ping();
      };
      socket.onmessage = ({ data }) => {
        lab.traffic.messages++;
        lab.traffic.bytes += utf8.encode(String(data)).length;
        const rest = hear(String(data));
        if (rest !== undefined) {
          this.hand(() => this.onmessage?.({ data: rest } as never));
        }
      };
      socket.onclose = ({ code, reason }) => {
        this.hand(() => {
          this.ended(code, reason);
        });
      };
    }

    send(data: string): void {
      if (data === '{"type":"ping"}') {
        pings.push(undefined);
      } else {
        log("out", data);
      }
      this.socket?.send(data);
    }

    /** Sends a ping of our own, unless the client's messages are held. */
    ask(): void {
      if (this.socket?.readyState === WebSocket.OPEN) {
        pings.push(performance.now());
        this.socket.send('{"type":"ping"}');
      }
    }

    close(): void {
      if (open === this) {
        open = undefined;
      }
      this.socket?.close();
    }

    sever(): void {
      const { socket } = this;
      if (socket) {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
      }
      this.ended(1006, "cut");
    }

    private hand(task: () => void): void {
      if (lab.isFrozen) {
        held.push(task);
      } else {
        task();
      }
    }

    private ended(code: number, reason: string): void {
      if (open === this) {
        open = undefined;
        log("trouble", `socket closed ${String(code)} ${reason}`);
      }
      lab.latency = undefined;
      this.onclose?.({ code, reason } as never);
    }
  }

  const lab = {
    WebSocket: LabSocket as WebSocketClass,
    frames,
    isCut: false,
    isFrozen: false,
    node: 0,
    traffic: { messages: 0, bytes: 0 },
    latency: undefined as number | undefined,
    cut() {
      lab.isCut = true;
      log("trouble", "network cut on purpose");
      held.length = 0;
      open?.sever();
    },
    restore() {
      lab.isCut = false;
      log("note", "network restored");
      // As a browser tells its pages when the network is there again.
      globalThis.dispatchEvent(new Event("online"));
    },
    freeze() {
      lab.isFrozen = true;
      log("trouble", "frozen: what comes is held back");
    },
    thaw() {
      lab.isFrozen = false;
      log("note", `thawed: ${String(held.length)} messages handed on`);
      for (const task of held.splice(0)) {
        task();
      }
    },
    dropNext(type: string) {
      dropped = type;
    },
    ping() {
      open?.ask();
    },
    subscribe(listener: (frame?: LoggedFrame) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return lab;
}
