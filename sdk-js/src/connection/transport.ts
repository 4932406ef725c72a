/** What a transport tells, always later than the call that made it; what it tells after its end is not heard. */
export interface TransportListener {
  /** Frames can be sent. */
  open(): void;
  /** The text of one message: a frame, or an array of them. */
  message(text: string): void;
  /** It is over, and the link will be closed. `code` is a WebSocket close code. */
  close(code: number, reason: string): void;
}

/** One open way to the hub; it never comes back by itself. */
export interface Link {
  /** Sends a frame, after those before it. */
  send(frame: string): void;
  /** Ends it, and whatever it still waits for. */
  close(): void;
}

/**
 * A way to the hub.
 *
 * @param url the hub's mount, such as `/eventbus` or `https://hub.example.com/eventbus`
 */
export type Transport = (url: string, listener: TransportListener) => Link;
