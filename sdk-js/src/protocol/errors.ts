/**
 * Why the hub refused something: the `failureType` of an `err` frame.
 *
 * Names and numbers are the server's (`ErrorCode`) and never change meaning. `number` is the frame's
 * `failureCode`, `httpStatus` the status of the same refusal over HTTP, and `retryable` says whether
 * the same request may succeed later without a change.
 */
export const errorCodes = {
  ACCESS_DENIED: { number: 1, httpStatus: 403, retryable: false },
  NOT_LOGGED_IN: { number: 2, httpStatus: 401, retryable: false },
  ACCESS_REVOKED: { number: 3, httpStatus: 403, retryable: false },
  POSITION_LOST: { number: 4, httpStatus: 410, retryable: false },
  BAD_FRAME: { number: 5, httpStatus: 400, retryable: false },
  BAD_ADDRESS: { number: 6, httpStatus: 400, retryable: false },
  BAD_EVENT: { number: 7, httpStatus: 422, retryable: false },
  STALE_VERSION: { number: 8, httpStatus: 409, retryable: false },
  TOO_LARGE: { number: 9, httpStatus: 413, retryable: false },
  RATE_LIMITED: { number: 10, httpStatus: 429, retryable: true },
  LIMIT_REACHED: { number: 11, httpStatus: 429, retryable: false },
  UNAVAILABLE: { number: 12, httpStatus: 503, retryable: true },
  TIMEOUT: { number: 13, httpStatus: 504, retryable: true },
  /** Over HTTP only. */
  NOT_FOUND: { number: 14, httpStatus: 404, retryable: false },
  /** A service refused the request; message and `failureCode` are its own. */
  RECIPIENT_FAILURE: { number: 15, httpStatus: 502, retryable: false },
  /** Over HTTP only. */
  BAD_REQUEST: { number: 16, httpStatus: 400, retryable: false },
} as const;

/** The name of a refusal of the hub. */
export type ErrorCode = keyof typeof errorCodes;

/** Tells whether a text from the wire is a refusal that this version knows. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
