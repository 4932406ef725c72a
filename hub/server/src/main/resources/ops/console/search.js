import { get } from "./lib/api.js";
import { link } from "./lib/view.js";

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/i;
const connection = /^c[0-9A-HJKMNP-TV-Z]{26}$/i;

/**
 * Finds out what a text is: by its form a connection or an event, else an address that somebody uses, else a user.
 *
 * @param {string} text
 */
async function target(text) {
  if (connection.test(text)) {
    return link("connections", [text]);
  }
  if (ulid.test(text)) {
    return link("trace", [], { event: text });
  }
  const [asUser, asAddress] = await Promise.all([
    get("connections", { user: text, limit: 1 }).catch(() => ({ connections: [] })),
    get("addresses", { match: text, limit: 1 }).catch(() => ({ addresses: [] })),
  ]);
  if (asUser.connections.length > 0) {
    return link("connections", [], { user: text });
  }
  const found = asAddress.addresses[0]?.address;
  if (found) {
    return found === text ? link("addresses", [text]) : link("addresses", [], { match: text });
  }
  // An event's id may be any text; an address has a rule, and so a colon or a dot most of the time.
  return /[:./]/.test(text) ? link("addresses", [text]) : link("trace", [], { user: text });
}

/** @param {HTMLFormElement} form */
export function startSearch(form) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text) {
      void target(text).then((hash) => {
        location.hash = hash;
        input.blur();
      });
    }
  };
  addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}
