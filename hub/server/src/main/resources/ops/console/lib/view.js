// What a screen gets: a place on the page, its parameters, and a life that ends when another screen comes.

/**
 * @typedef {object} View
 * @property {HTMLElement} root where the screen stands
 * @property {readonly string[]} path what follows the screen's name in the address
 * @property {URLSearchParams} query
 * @property {AbortSignal} signal aborted when the screen goes
 * @property {(millis: number, action: () => Promise<unknown>) => void} every does something now and again and again,
 *   while the page can be seen
 * @property {(action: () => Promise<unknown>) => Promise<boolean>} attempt does something and says on the page what
 *   went wrong
 */

/** Whom the page talks to and what it may do there. */
export const session = {
  node: "",
  version: "",
  who: "",
  mayChange: false,
  needsKey: false,
  /** @type {string[]} where other nodes have their console */
  others: [],
};

/**
 * @param {string} screen
 * @param {readonly string[]} [path]
 * @param {Record<string, string | undefined>} [query]
 */
export function link(screen, path = [], query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${[screen, ...path.map(encodeURIComponent)].join("/")}${text ? `?${text}` : ""}`;
}

/** @param {string} hash */
export function parse(hash) {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [screen = "", ...rest] = path.split("/");
  return {
    screen: screen || "cluster",
    path: rest.filter((part) => part).map(decodeURIComponent),
    query: new URLSearchParams(query),
  };
}

/**
 * Waits, unless the screen goes before.
 *
 * @param {number} millis
 * @param {AbortSignal} signal
 */
export function pause(millis, signal) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    })
  );
}
