import { until } from "./until.js";

/** One message of a stream of Server-Sent Events. */
export interface StreamMessage {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** A reader of `/sse`, as an `EventSource` is one. */
export class SseClient {
  readonly messages: StreamMessage[] = [];

  private constructor(private readonly cancel: AbortController) {}

  /** Opens the stream; a cursor resumes after it. */
  static async open(
    hubUrl: string,
    options: {
      readonly addresses: readonly string[];
      readonly token: string;
      readonly lastEventId?: string;
    },
  ): Promise<SseClient> {
    const cancel = new AbortController();
    const query = options.addresses.map((address) => `address=${encodeURIComponent(address)}`);
    const response = await fetch(`${hubUrl}/sse?${query.join("&")}`, {
      signal: cancel.signal,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...(options.lastEventId === undefined ? {} : { "last-event-id": options.lastEventId }),
      },
    });
    if (response.status !== 200 || response.body === null) {
      throw new Error(`sse answered ${String(response.status)}: ${await response.text()}`);
    }
    const client = new SseClient(cancel);
    client.read(response.body).catch((failure: unknown) => {
      if (!cancel.signal.aborted) {
        client.messages.push({ event: "broken", id: "", data: String(failure) });
      }
    });
    return client;
  }

  /** Waits until that many messages without an event name came, and returns them. */
  async events(count: number): Promise<readonly StreamMessage[]> {
    const find = (): StreamMessage[] => this.messages.filter((each) => each.event === "message");
    await until(
      `${String(count)} messages`,
      () => find().length >= count,
      () => this.messages,
    );
    return find();
  }

  /** Waits for messages of that event name, and returns those that came. */
  async named(event: string): Promise<readonly StreamMessage[]> {
    const find = (): StreamMessage[] => this.messages.filter((each) => each.event === event);
    await until(
      `message ${event}`,
      () => find().length > 0,
      () => this.messages,
    );
    return find();
  }

  /** Ends the stream. */
  close(): void {
    this.cancel.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    let id = "";
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = new Map(block.split("\n").map(field));
        id = fields.get("id") ?? id;
        const data = fields.get("data");
        if (data !== undefined) {
          const event = fields.get("event") ?? "message";
          this.messages.push({ event, id, data: JSON.parse(data) });
        }
      }
    }
  }
}

function field(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
