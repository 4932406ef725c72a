import type { Published } from "../../../src/index.js";

/** The key of the service `e2e` in `hub.yaml`. */
const apiKey = "e2e-publisher-key";

/** An event as a publisher gives it. */
export interface NewEvent {
  readonly id?: string;
  readonly type: string;
  readonly resourceId?: string;
  readonly actorId?: string;
  readonly payload: unknown;
}

/** One event and where it goes. */
export interface Publication {
  readonly address: string;
  readonly event: NewEvent;
}

/** The HTTP API as a back end calls it. */
export class HttpApi {
  constructor(private readonly hubUrl: string) {}

  /** Publishes one event and returns what became of it. */
  async publish(
    address: string,
    event: NewEvent,
    headers: Record<string, string> = {},
  ): Promise<Published> {
    const answer = await this.post({ address, event }, headers);
    return (Array.isArray(answer) ? answer[0] : answer) as Published;
  }

  /** Publishes several events with one call. */
  async publishAll(publications: readonly Publication[]): Promise<readonly Published[]> {
    return (await this.post(publications, {})) as readonly Published[];
  }

  private async post(body: unknown, headers: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${this.hubUrl}/api/v1/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": apiKey, ...headers },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) {
      throw new Error(`publish answered ${String(response.status)}: ${await response.text()}`);
    }
    return response.json();
  }
}

/** Returns `count` events of type `counted` whose payload is `{n}`, counting from `first`. */
export function countedEvents(first: number, count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, i) => ({ type: "counted", payload: { n: first + i } }));
}
