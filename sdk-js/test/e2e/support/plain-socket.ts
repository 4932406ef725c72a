import { WebSocket } from "ws";
import { until } from "./until.js";

/** A plain WebSocket to `/eventbus/websocket`, with every message as it came. */
export class PlainSocket {
  readonly messages: unknown[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => this.messages.push(JSON.parse(data.toString("utf8"))));
    socket.on("close", (code, reason) => this.closes.push({ code, reason: reason.toString() }));
  }

  /** Connects; `query` begins with a question mark or is empty. */
  static async open(hubUrl: string, token: string, query = ""): Promise<PlainSocket> {
    const socket = new WebSocket(`${hubUrl.replace("http", "ws")}/eventbus/websocket${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const plain = new PlainSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return plain;
  }

  /** Sends one message. */
  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a text, whatever it is. */
  sendText(text: string): void {
    this.socket.send(text);
  }

  /** Returns every frame, taken out of the arrays that they came in. */
  frames(): readonly Record<string, unknown>[] {
    return this.messages.flat() as Record<string, unknown>[];
  }

  /** Waits until that many frames match. */
  async framesWhere(
    count: number,
    matches: (frame: Record<string, unknown>) => boolean,
  ): Promise<readonly Record<string, unknown>[]> {
    await until(
      `${String(count)} frames`,
      () => this.frames().filter(matches).length >= count,
      () => this.frames().slice(-3),
    );
    return this.frames().filter(matches);
  }

  /** Closes the socket. */
  close(): void {
    this.socket.close();
  }
}
