/** The words on the wire, as `hub/PROTOCOL.md` tells them; a number or name here is the server's. */

declare const position: unique symbol;

/**
 * A place in the log of one address, opaque to clients.
 *
 * Store it whole as the last thing that was applied, and hand it back to resume. It comes only from an event, a
 * notice, an error's details or a snapshot; never build or compare one.
 */
export type Position = string & { readonly [position]: true };

/** Headers of a frame; a stock client writes every value as text. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** What a `register` frame may ask for. */
export interface RegisterHeaders {
  /** Resume after it; wins over `recent`. */
  readonly position?: Position | undefined;
  /** First the latest this many events, 1 to 1,000. */
  readonly recent?: string | undefined;
  /** The roster once, then its changes. */
  readonly presence?: "true" | undefined;
  /** Notices about this subscription. */
  readonly notices?: "true";
}

/** What a `send` or `publish` frame may ask for. */
export interface PublishHeaders {
  /** Makes a retry of an event without an id harmless. */
  readonly "Idempotency-Key"?: string;
  /** Not back to this connection. */
  readonly echo?: "false" | undefined;
}

/** Asks for a `pong`; the hub never needs it. */
export interface PingFrame {
  readonly type: "ping";
}

/** Subscribes to an address. */
export interface RegisterFrame {
  readonly type: "register";
  readonly address: string;
  readonly headers?: (Headers & RegisterHeaders) | undefined;
}

/** Ends a subscription. */
export interface UnregisterFrame {
  readonly type: "unregister";
  readonly address: string;
  readonly headers?: Headers | undefined;
}

/** Publishes an event, or asks a service; with a `replyAddress` it is answered. */
export interface SendFrame {
  readonly type: "send";
  readonly address: string;
  readonly body: unknown;
  readonly headers?: (Headers & PublishHeaders) | undefined;
  readonly replyAddress?: string;
}

/** Publishes an event without an answer. */
export interface PublishFrame {
  readonly type: "publish";
  readonly address: string;
  readonly body: unknown;
  readonly headers?: (Headers & PublishHeaders) | undefined;
}

/** A frame from a client to the hub. */
export type ClientFrame = PingFrame | RegisterFrame | UnregisterFrame | SendFrame | PublishFrame;

/** Answers a `ping`. */
export interface PongFrame {
  readonly type: "pong";
}

/** An event of an address, or the answer to a `send` when `address` is its `replyAddress`. */
export interface RecFrame {
  readonly type: "rec";
  readonly address: string;
  readonly body: unknown;
  readonly headers?: Headers & { readonly position?: Position | undefined };
  readonly replyAddress?: string;
}

/** A refusal. */
export interface ErrFrame {
  readonly type: "err";
  /** What it is about: an address, or the `replyAddress` of a `send`; absent when none could be read. */
  readonly address?: string;
  readonly failureCode: number;
  /** An `ErrorCode`; a newer hub may send a name that this version does not know. */
  readonly failureType: string;
  readonly message: string;
  readonly details?: ErrorDetails;
}

/** What programs may read in a refusal. */
export interface ErrorDetails {
  /** With `POSITION_LOST`: where to go on after fetching a snapshot. */
  readonly position?: Position | undefined;
  /** With `RATE_LIMITED`: when to send again. */
  readonly retryAfterMillis?: number;
  readonly [field: string]: unknown;
}

/** A notice about a subscription or the connection, for who asked; it has an `event` and no `type`. */
export interface NoticeFrame {
  readonly type?: undefined;
  /** Such as `hub.subscribed`; a newer hub may send a name that this version does not know. */
  readonly event: string;
  readonly message: NoticeMessage;
}

/** What a notice says; which fields are there depends on its name. */
export interface NoticeMessage {
  readonly address?: string;
  readonly position?: Position | undefined;
  readonly [field: string]: unknown;
}

/** The notices that this version knows. */
export const noticeNames = [
  "hub.subscribed",
  "hub.recovered",
  "hub.revoked",
  "hub.draining",
  "hub.degraded",
  "hub.presence",
] as const;

/** The name of a notice. */
export type NoticeName = (typeof noticeNames)[number];

/** A frame from the hub to a client. */
export type ServerFrame = PongFrame | RecFrame | ErrFrame | NoticeFrame;

/** The answer to a `send` that published. */
export interface Published {
  readonly id: string;
  /** Absent for an address whose delivery is `signal`: nothing is kept. */
  readonly position?: Position;
  /** Whether the same id had been published before. */
  readonly duplicate: boolean;
}

/** An event as subscribers get it, under a rule that does not say `body: any`. */
export interface HubEvent<Payload = unknown> {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly occurredAt: string;
  readonly actorId?: string;
  readonly resourceId?: string;
  readonly resourceVersion?: number;
  readonly payload: Payload;
}
