import type { ErrorCode } from "./errors.js";
import type { ErrorDetails } from "./frames.js";

/** What only the SDK itself refuses, before or instead of the hub. */
export type LocalCode = "OFFLINE" | "QUEUE_FULL" | "CLOSED";

/** A refusal, by the hub or by the SDK itself. */
export interface HubError extends Error {
  readonly name: "HubError";
  /** An {@link ErrorCode} or a {@link LocalCode}; a newer hub may send one that this version does not know. */
  readonly code: ErrorCode | LocalCode | (string & {});
  /** What programs may read in it, such as `currentVersion` of a `STALE_VERSION`. */
  readonly details: ErrorDetails;
  /** What to do about it, in a few words; `docs/errors` has a page for each code. */
  readonly fix: string | undefined;
}

const again = "send the same again, with the same id";
const fewer = "use fewer, or raise limits";

const fixes: Readonly<Partial<Record<string, string>>> = {
  ACCESS_DENIED: "ask `scripts/hub explain` for the rule",
  NOT_LOGGED_IN: "let the token function get a new token",
  POSITION_LOST: "load a snapshot in onGap",
  BAD_EVENT: "mend what the message names",
  STALE_VERSION: "read it again, decide anew",
  TOO_LARGE: "send less",
  RATE_LIMITED: "send less often",
  LIMIT_REACHED: fewer,
  UNAVAILABLE: again,
  TIMEOUT: again,
  OFFLINE: again,
  QUEUE_FULL: fewer,
  CLOSED: "connect() first",
};

/** Makes an error. */
export function hubError(code: string, message: string, details: ErrorDetails = {}): HubError {
  return Object.assign(new Error(message), {
    name: "HubError" as const,
    code,
    details,
    fix: fixes[code],
  });
}

/** Tells whether the same may succeed in a moment, and how long to wait for it in milliseconds. */
export function retryAfter({ code, details }: HubError): number | undefined {
  return /^(RATE|UNAV|TIME|OFF)/.test(code) ? (details.retryAfterMillis ?? 1_000) : undefined;
}
