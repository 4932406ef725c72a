// Asks the node that served this page; it asks the others.

const keyName = "hubbub.key";
const deadlineMillis = 8_000;

/** A call that was refused, or never answered. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when nothing came back
   * @param {string} code
   * @param {string} message
   * @param {Record<string, any>} details
   */
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** The admin key, for as long as this tab is open. */
export const key = {
  get: () => sessionStorage.getItem(keyName),
  /** @param {string | null} value */
  set: (value) => {
    if (value) {
      sessionStorage.setItem(keyName, value);
    } else {
      sessionStorage.removeItem(keyName);
    }
  },
};

/** @returns {Record<string, string>} */
function headers() {
  const own = key.get();
  return { "X-Hubbub-Console": "1", ...(own ? { "X-API-Key": own } : {}) };
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} query what is empty is left out
 */
export function url(path, query = {}) {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "" && value !== false,
  );
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/ops/v1/${path}${text ? `?${text}` : ""}`;
}

/** @param {Response} response */
async function failure(response) {
  const body = await response.json().catch(() => ({}));
  const message = body.message ?? `the node answered ${String(response.status)}`;
  return new ApiError(response.status, body.error ?? "unknown", message, body.details ?? {});
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<any>}
 */
async function call(path, init) {
  const deadline = AbortSignal.timeout(deadlineMillis);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  let response;
  try {
    response = await fetch(path, { ...init, signal });
  } catch (reason) {
    if (init.signal?.aborted) {
      throw reason;
    }
    throw new ApiError(0, "unreachable", "this node does not answer");
  }
  if (!response.ok) {
    throw await failure(response);
  }
  return response.json();
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} [query]
 * @param {AbortSignal} [signal]
 */
export function get(path, query, signal) {
  return call(url(path, query), { headers: headers(), ...(signal ? { signal } : {}) });
}

/**
 * Does something.
 *
 * @param {string} path
 * @param {{ query?: Record<string, unknown>, body?: unknown, reason?: string }} [what]
 */
export function post(path, { query, body, reason } = {}) {
  return call(url(path, query), {
    method: "POST",
    headers: {
      ...headers(),
      ...(reason ? { "X-Audit-Reason": encodeURIComponent(reason) } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/**
 * Reads a stream of JSON lines until it ends or is aborted.
 *
 * @param {string} path
 * @param {{ query: Record<string, unknown>, reason?: string | undefined, signal: AbortSignal }} how
 * @param {(line: any) => void} take
 */
export async function lines(path, { query, reason, signal }, take) {
  const more = reason ? { "X-Audit-Reason": encodeURIComponent(reason) } : {};
  const response = await fetch(url(path, query), { headers: { ...headers(), ...more }, signal });
  if (!response.ok) {
    throw await failure(response);
  }
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts.filter((part) => part)) {
      take(JSON.parse(line));
    }
  }
}
