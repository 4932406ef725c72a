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
  private lastEventId = "";
  private starts = 0;

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

  /** Waits until that many addresses are live: each then moves the cursor, without an event. */
  async live(addresses: number): Promise<void> {
    await until(
      `${String(addresses)} live addresses`,
      () => this.starts >= addresses,
      () => this.messages,
    );
  }

  /** Ends the stream. */
  close(): void {
    this.cancel.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        this.take(block.split("\n").map(field));
      }
    }
  }

  private take(fields: readonly Field[]): void {
    const id = valueOf(fields, "id");
    const data = fields.filter((each) => each.name === "data").map((each) => each.value);
    this.lastEventId = id ?? this.lastEventId;
    if (data.length > 0) {
      const event = valueOf(fields, "event") ?? "message";
      this.messages.push({ event, id: this.lastEventId, data: JSON.parse(data.join("\n")) });
    } else if (id !== undefined) {
      this.starts += 1;
    }
  }
}

interface Field {
  readonly name: string;
  readonly value: string;
}

function field(line: string): Field {
  const colon = line.indexOf(":");
  return colon < 0
    ? { name: line, value: "" }
    : { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, "") };
}

function valueOf(fields: readonly Field[], name: string): string | undefined {
  return fields.find((each) => each.name === name)?.value;
}
