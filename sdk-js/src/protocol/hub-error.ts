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

const again = "send it again with the same id";

const fixes: Readonly<Partial<Record<string, string>>> = {
  ACCESS_DENIED: "ask `hub explain`",
  NOT_LOGGED_IN: "get a new token",
  POSITION_LOST: "get a snapshot in onGap",
  STALE_VERSION: "get it again",
  TOO_LARGE: "send less",
  RATE_LIMITED: "send less",
  LIMIT_REACHED: "use less",
  UNAVAILABLE: again,
  TIMEOUT: again,
  OFFLINE: again,
  QUEUE_FULL: "wait",
  CLOSED: "connect()",
};

/** Makes an error; without a message it says what to do. */
export function hubError(code: string, message?: string, details: ErrorDetails = {}): HubError {
  return Object.assign(new Error(message ?? `${code}: ${String(fixes[code])}`), {
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
