import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A TCP proxy between a client and the hub that can cut every connection at once, go silent, or be slow. */
export class CuttableProxy {
  private readonly open = new Set<Socket>();
  private said = "";
  /** How many connections came. */
  connections = 0;
  private letIn = true;
  private silent = false;
  private delayMillis = 0;

  private constructor(
    private readonly server: Server,
    private target: URL,
  ) {}

  /** Starts a proxy to the hub at `hubUrl`. */
  static async start(hubUrl: string): Promise<CuttableProxy> {
    const server = createServer();
    const proxy = new CuttableProxy(server, new URL(hubUrl));
    server.on("connection", (client) => {
      proxy.pass(client);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** Returns the address that stands for the hub's. */
  get url(): string {
    return `http://localhost:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Resets every connection, in both directions, and refuses new ones until {@link heal}. */
  cut(): void {
    this.letIn = false;
    for (const socket of this.open) {
      socket.resetAndDestroy();
    }
  }

  /** Resets every connection; new ones are let through. */
  reset(): void {
    this.cut();
    this.heal();
  }

  /** Swallows every byte, in both directions, and tells nobody; what is open stays so until it is cut. */
  goSilent(): void {
    this.silent = true;
  }

  /** Holds back every byte for so long. */
  slowDown(millis: number): void {
    this.delayMillis = millis;
  }

  /** Leads new connections to another hub. */
  leadTo(hubUrl: string): void {
    this.target = new URL(hubUrl);
  }

  /** Counts how often clients have said a text, in frames that were sent masked as browsers do. */
  count(text: string): number {
    return this.said.split(text).length - 1;
  }

  /** Lets connections through again; those that were silent have lost what they were sent and are reset. */
  heal(): void {
    if (this.silent) {
      this.silent = false;
      this.cut();
    }
    this.letIn = true;
    this.delayMillis = 0;
  }

  /** Ends the proxy and what goes through it. */
  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(bytes: Buffer, to: Socket): void {
    if (this.silent) {
      return;
    }
    if (this.delayMillis === 0) {
      to.write(bytes);
    } else {
      setTimeout(() => to.destroyed || to.write(bytes), this.delayMillis);
    }
  }

  private pass(client: Socket): void {
    if (!this.letIn) {
      client.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const listen = unmasked((text) => {
      this.said += text;
    });
    client.on("data", listen);
    const hub = connect({ host: this.target.hostname, port: Number(this.target.port) });
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      this.open.add(from);
      from.setNoDelay(true);
      from.on("data", (bytes) => {
        this.carry(bytes, to);
      });
      from.on("end", () => to.end());
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.open.delete(from);
        to.destroy();
      });
    }
  }
}

/** Reads the text frames of a client: after the head of the request, each is masked by four bytes of its own. */
function unmasked(take: (text: string) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isOpen = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    if (!isOpen) {
      const end = rest.indexOf("\r\n\r\n");
      isOpen = end >= 0;
      rest = isOpen ? rest.subarray(end + 4) : rest;
    }
    while (isOpen && rest.length >= 6) {
      const short = (rest[1] ?? 0) & 0x7f;
      const head = short === 126 ? 4 : 2;
      const length = short === 126 ? rest.readUInt16BE(2) : short;
      if (rest.length < head + 4 + length) {
        return;
      }
      const mask = rest.subarray(head, head + 4);
      const masked = rest.subarray(head + 4, head + 4 + length);
      take(Buffer.from(masked.map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toString("utf8"));
      rest = rest.subarray(head + 4 + length);
    }
  };
}
