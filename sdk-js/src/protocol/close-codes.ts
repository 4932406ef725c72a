/**
 * Why the hub closed a socket, and with that what a client does next.
 *
 * Names and numbers are the server's (`CloseCode`).
 */
export const closeCodes = {
  /** No token, a bad one or an expired one: get a new one and come back. */
  UNAUTHENTICATED: { number: 4401, mayReconnect: true },
  /** Forbidden, for instance cut by an operator: do not come back. */
  FORBIDDEN: { number: 4403, mayReconnect: false },
  /** This client did not read for too long: come back and resume. */
  TOO_SLOW: { number: 4408, mayReconnect: true },
  /** The user, the address or the node has its number of connections: come back later. */
  TOO_MANY_CONNECTIONS: { number: 4409, mayReconnect: true },
  /** A frame was larger than the hub takes. */
  FRAME_TOO_LARGE: { number: 4413, mayReconnect: true },
  /** Messages came too fast for too long. */
  TOO_FAST: { number: 4429, mayReconnect: true },
  /** The node is going away; the reason says `reconnect in N ms`. */
  GOING_AWAY: { number: 1012, mayReconnect: true },
} as const;

/** The name of a close code. */
export type CloseCode = keyof typeof closeCodes;

/** Returns the name of a code, or undefined for one that the hub does not define (1006, 3000, …). */
export function closeCodeOf(number: number): CloseCode | undefined {
  return (Object.keys(closeCodes) as CloseCode[]).find(
    (name) => closeCodes[name].number === number,
  );
}

/**
 * Reads the wait that a node which is going away asks for, in milliseconds.
 *
 * Every socket is told another wait, so that clients come back spread out; undefined when the reason names none.
 */
export function reconnectDelayOf(reason: string): number | undefined {
  const found = /reconnect in (\d{1,9}) ms/.exec(reason);
  return found ? Number(found[1]) : undefined;
}
