import type { Readable } from "../lib/readable.js";
import type { ClientFrame, Headers, PongFrame, ServerFrame } from "../protocol/frames.js";
import type { HubError } from "../protocol/hub-error.js";
import type { Transport } from "./transport.js";

/** Why a token is asked for: to connect, because the last one was refused, or because it ends soon. */
export type TokenReason = "connect" | "expired" | "refresh";

/**
 * A token, or how to get one.
 *
 * The function is asked before every connect, and when three quarters of a token's life are over. One that throws is
 * asked again later, unless what it throws has the code `ACCESS_DENIED`: then nothing more is tried.
 */
export type Token =
  string | ((reason: TokenReason) => string | undefined | Promise<string | undefined>);

/**
 * Where a connection stands.
 *
 * - `idle`: nothing has needed it yet
 * - `connecting`: getting a token, a socket, an answer to the login
 * - `online`: logged in
 * - `reconnecting`: waits until it dials again
 * - `denied`: the hub does not want this client back; `connect()` tries once more
 * - `closed`: the application closed it
 */
export type ConnectionState =
  "idle" | "connecting" | "online" | "reconnecting" | "denied" | "closed";

/** What an application may show of its connection. */
export interface ConnectionInfo {
  readonly state: ConnectionState;
  /** How often it was tried since the last stable connection. */
  readonly attempt: number;
  /** When it dials again, in milliseconds since 1970. */
  readonly retryAt?: number | undefined;
  /** Why the last connection ended or was refused. */
  readonly error?: HubError | undefined;
  /** As whom the hub knows this client. */
  readonly user?: string | undefined;
  /** Until when the hub takes its token, in milliseconds since 1970. */
  readonly expiresAt?: number | null | undefined;
  /** How many publishes and requests wait for an answer. */
  readonly queued: number;
}

/** Receives what comes over the connection. */
export interface ConnectionListener {
  /** Logged in on a new connection, or again on the same one, with rights that may be others. */
  ready(): void;
  /** The connection is gone, and every registration with it. */
  offline(): void;
  /** Takes a frame about an address, with its error if it is a refusal. */
  frame(frame: Exclude<ServerFrame, PongFrame>, error?: HubError): void;
}

/** The answer to a call: an error or a body. */
export type Answer = (error: HubError | undefined, body?: unknown) => void;

/** One way to the hub that is kept open, through whatever happens to it. */
export interface Connection {
  readonly info: Readable<ConnectionInfo>;
  /** Tells whether frames reach the hub now. */
  isOnline(): boolean;
  /** Notes how many publishes wait. */
  queued(count: number): void;
  /** Sends a frame; without a connection it is dropped. */
  send(frame: ClientFrame): void;
  /** Sends a frame whose answer is waited for: the hub's, or `OFFLINE` when the connection ends. For use while online. */
  call(address: string, body: unknown, headers?: Headers, answer?: Answer): void;
  /** Calls back when everything that the hub sent before it read this has come. */
  barrier(passed?: () => void): void;
  /** Connects if nothing has needed a connection before. */
  start(): void;
  /** Looks at the connection now: dials unless the hub asked to wait, or asks for a sign of life if it is open. */
  wake(): void;
  /** Connects from whatever state, also from `denied` and `closed`. */
  connect(): void;
  /** Gets a new token and shows it. */
  refreshToken(): Promise<void>;
  /** Ends it until somebody dials. */
  close(): void;
}

/** How to connect. */
export interface ConnectionOptions {
  readonly token?: Token | undefined;
  /** Ways to the hub; the next one is tried when one fails before it is open. */
  readonly transports: readonly Transport[];
}
