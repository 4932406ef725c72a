import { afterEach, expect, inject, test } from "vitest";
import { countedEvents, HttpApi } from "./support/http-api.js";
import { freshAddress, freshUser } from "./support/names.js";
import { range } from "./support/received.js";
import { SseClient, type StreamMessage } from "./support/sse-client.js";
import { signToken } from "./support/tokens.js";

const hubUrl = inject("hubUrl");
const api = new HttpApi(hubUrl);
const token = signToken({ sub: freshUser("alice") });
const streams: SseClient[] = [];

afterEach(() => {
  for (const stream of streams.splice(0)) {
    stream.close();
  }
});

test("aStreamResumesAfterItsLastEventIdOnEveryAddress", async () => {
  const [a, b] = [freshAddress("room"), freshAddress("room")];
  const first = await open([a, b]);
  await first.live(2);
  await publish(a, 1, 3);
  await publish(b, 1, 2);
  const seen = await first.events(5);
  first.close();

  await publish(a, 4, 3);
  await publish(b, 3, 2);
  const second = await open([a, b], seen.at(-1)?.id);
  await second.events(5);
  await publish(a, 7, 1);
  const missed = await second.events(6);

  expect(numbersOf(seen, a)).toEqual(range(1, 3));
  expect(numbersOf(seen, b)).toEqual(range(1, 2));
  expect(numbersOf(missed, a)).toEqual(range(4, 7));
  expect(numbersOf(missed, b)).toEqual(range(3, 4));
});

test("aPositionThatIsNoLongerRetainedIsToldInTheStream", async () => {
  const address = freshAddress("short");
  const first = await open([address]);
  await first.live(1);
  await publish(address, 1, 1);
  const [seen] = await first.events(1);
  first.close();
  await publish(address, 2, 20);

  const second = await open([address], seen?.id);
  const lost = await second.named("err");
  await publish(address, 22, 1);
  const next = await second.events(1);

  expect(lost).toMatchObject([{ data: { address, failureType: "POSITION_LOST" } }]);
  expect(numbersOf(next, address)).toEqual([22]);
});

test("anAddressThatNoRuleAllowsIsRefused", async () => {
  const [denied, allowed] = [freshAddress("staff"), freshAddress("room")];
  const stream = await open([denied, allowed]);

  const refusals = await stream.named("err");

  expect(refusals).toMatchObject([{ data: { address: denied, failureType: "ACCESS_DENIED" } }]);
});

async function open(addresses: readonly string[], lastEventId?: string): Promise<SseClient> {
  const resume = lastEventId === undefined ? {} : { lastEventId };
  const stream = await SseClient.open(hubUrl, { addresses, token, ...resume });
  streams.push(stream);
  return stream;
}

async function publish(address: string, first: number, count: number): Promise<void> {
  await api.publishAll(countedEvents(first, count).map((event) => ({ address, event })));
}

function numbersOf(messages: readonly StreamMessage[], address: string): readonly number[] {
  return messages
    .map((message) => message.data as { address: string; body: { payload: { n: number } } })
    .filter((frame) => frame.address === address)
    .map((frame) => frame.body.payload.n);
}
