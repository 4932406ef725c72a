/** What a transport tells, always later than the call that made it. */
export interface TransportListener {
  /** Frames can be sent. */
  open(): void;
  /** The text of one message: a frame, or an array of them. */
  message(text: string): void;
  /** It is over; called once at most. `code` is a WebSocket close code. */
  close(code: number, reason: string): void;
}

/** One open way to the hub; it never comes back by itself. */
export interface Link {
  /** Sends a frame, after those before it. */
  send(frame: string): void;
  /** Ends it; nothing is told any more. */
  close(): void;
}

/**
 * A way to the hub.
 *
 * @param url the hub's mount, such as `/eventbus` or `https://hub.example.com/eventbus`
 */
export type Transport = (url: string, listener: TransportListener) => Link;
