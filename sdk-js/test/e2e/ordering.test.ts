import { afterEach, describe, expect, inject, test } from "vitest";
import { freshAddress, freshUser } from "./support/names.js";
import { HttpApi } from "./support/http-api.js";
import { eventOf, offsetOf, positionOf, range } from "./support/received.js";
import { StockClient, transports } from "./support/stock-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

const hubUrl = inject("hubUrl");
const publishers = 20;
const eventsOfEach = 50;
const all = publishers * eventsOfEach;

interface Numbered {
  readonly publisher: number;
  readonly n: number;
}

afterEach(() => {
  StockClient.closeAll();
});

describe("a thousand events of twenty publishers arrive complete and in order", () => {
  test.each(transports)("over %s", async (transport) => {
    const address = freshAddress("room");
    const token = signToken({ sub: freshUser("reader") });
    const client = await StockClient.open({ hubUrl, transport, token });
    const { events, refusals } = await client.subscribe(address);

    const answered = await publishConcurrently(address);
    await until(
      "thousand events",
      () => events.length >= all,
      () => ({ events: events.length, closes: client.closes }),
    );

    expect(refusals).toEqual([]);
    expect(events.map(offsetOf)).toEqual(range(1, all));
    for (const publisher of range(0, publishers - 1)) {
      const own = events.map((message) => eventOf<Numbered>(message).payload);
      expect(own.filter((p) => p.publisher === publisher).map((p) => p.n)).toEqual(
        range(0, eventsOfEach - 1),
      );
    }
    expect(new Set(events.map(positionOf))).toEqual(answered);
  });
});

/** Each publisher waits for an answer before its next event, and all of them run at once. */
async function publishConcurrently(address: string): Promise<ReadonlySet<string | undefined>> {
  const api = new HttpApi(hubUrl);
  const positions = new Set<string | undefined>();
  await Promise.all(
    range(0, publishers - 1).map(async (publisher) => {
      for (const n of range(0, eventsOfEach - 1)) {
        const event = { type: "counted", payload: { publisher, n } satisfies Numbered };
        positions.add((await api.publish(address, event)).position);
      }
    }),
  );
  return positions;
}
