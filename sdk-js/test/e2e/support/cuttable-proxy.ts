import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A TCP proxy between a client and the hub that can cut every connection at once. */
export class CuttableProxy {
  private readonly open = new Set<Socket>();
  private letIn = true;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
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

  /** Lets connections through again. */
  heal(): void {
    this.letIn = true;
  }

  /** Ends the proxy and what goes through it. */
  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket): void {
    if (!this.letIn) {
      client.resetAndDestroy();
      return;
    }
    const hub = connect({ host: this.target.hostname, port: Number(this.target.port) });
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      this.open.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.open.delete(from);
        to.destroy();
      });
    }
  }
}
