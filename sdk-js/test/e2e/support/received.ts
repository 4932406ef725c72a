import type { Message } from "@vertx/eventbus-bridge-client.js";
import type { HubEvent } from "../../../src/index.js";

/** Returns the event in a message. */
export function eventOf<Payload>(message: Message): HubEvent<Payload> {
  return message.body as HubEvent<Payload>;
}

/** Returns the position of a message, which every event of a log has. */
export function positionOf(message: Message | undefined): string {
  const position = message?.headers?.["position"];
  if (position === undefined) {
    throw new Error(`no position in ${JSON.stringify(message)}`);
  }
  return position;
}

/**
 * Returns the offset in a position.
 *
 * To a client a position is opaque; the tests look inside to prove that no offset is left out.
 */
export function offsetOf(message: Message | undefined): number {
  return Number(/:(\d+)$/.exec(positionOf(message))?.[1]);
}

/** Returns the `n` of counted events. */
export function numbersOf(messages: readonly Message[]): readonly number[] {
  return messages.map((message) => eventOf<{ n: number }>(message).payload.n);
}

/** Returns the whole numbers from `first` to `last`, both included. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
