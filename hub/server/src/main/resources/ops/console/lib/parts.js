// Pieces that several screens are made of.
import { h } from "./dom.js";
import { shortNode } from "./format.js";
import { link, session } from "./view.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @param {Child} title
 * @param {Child} body
 * @param {{ tools?: Child, flush?: boolean, class?: string, key?: string }} [how]
 */
export function card(title, body, how = {}) {
  return h(
    "section",
    { class: `card ${how.class ?? ""}`, "data-key": how.key },
    h("h2", null, title, how.tools && h("span", { class: "row end" }, how.tools)),
    h("div", { class: how.flush ? "body flush" : "body" }, body),
  );
}

/**
 * @param {string} tone ok, warn, bad or nothing
 * @param {...Child} text
 */
export function pill(tone, ...text) {
  return h("span", { class: `pill ${tone}` }, ...text);
}

/** @param {readonly (readonly [string, Child])[]} pairs */
export function facts(pairs) {
  return h(
    "dl",
    { class: "kv" },
    pairs.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]),
  );
}

/**
 * @param {readonly (string | { text: string, number?: boolean, hide?: boolean, sorted?: boolean })[]} columns
 * @param {readonly HTMLTableRowElement[]} rows
 * @param {string} caption for who cannot see it
 * @param {Child} empty
 */
export function table(columns, rows, caption, empty) {
  if (rows.length === 0) {
    return h("p", { class: "empty" }, empty);
  }
  const heads = columns.map((column) => {
    const how = typeof column === "string" ? { text: column } : column;
    return h(
      "th",
      {
        scope: "col",
        class: `${how.number ? "n" : ""} ${how.hide ? "hide" : ""}`,
        "aria-sort": how.sorted && "descending",
      },
      how.text,
    );
  });
  return h(
    "table",
    { "aria-label": caption },
    h("thead", null, h("tr", null, heads)),
    h("tbody", null, rows),
  );
}

/** @param {string} name */
export function address(name) {
  return h("a", { href: link("addresses", [name]) }, h("code", null, name));
}

/** @param {string} name */
export function user(name) {
  return h("a", { href: link("connections", [], { user: name }) }, name);
}

/** @param {string} name */
export function node(name) {
  return h("span", { title: name, class: "mono" }, shortNode(name));
}

/** @param {{ asked: number, unanswered: readonly string[] } | undefined} nodes */
export function silent(nodes) {
  return nodes && nodes.unanswered.length > 0
    ? pill("warn", `without ${nodes.unanswered.map(shortNode).join(", ")}, which did not answer`)
    : null;
}

/**
 * A choice of one of a few.
 *
 * @param {string} label
 * @param {readonly (readonly [string, string])[]} choices value and text
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function choice(label, choices, chosen, choose) {
  return h(
    "div",
    { class: "seg", role: "group", "aria-label": label },
    choices.map(([value, text]) =>
      h(
        "button",
        { type: "button", "aria-pressed": String(value === chosen), onclick: () => choose(value) },
        text,
      ),
    ),
  );
}

/**
 * Copies a text, and says so on the button.
 *
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(label, text) {
  const button = h("button", { type: "button" }, label);
  button.onclick = () => {
    navigator.clipboard.writeText(text()).then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "Not allowed here"),
    );
    setTimeout(() => (button.textContent = label), 1_500);
  };
  return button;
}

/**
 * A button for what takes an admin key; without one it says so.
 *
 * @param {string} text
 * @param {() => unknown} action
 * @param {{ class?: string, disabled?: boolean }} [how]
 */
export function changeButton(text, action, how = {}) {
  return h(
    "button",
    {
      type: "button",
      class: how.class,
      disabled: how.disabled || !session.mayChange,
      title: !session.mayChange && "Enter an admin key first",
      onclick: action,
    },
    text,
  );
}

/**
 * A line to type in.
 *
 * @param {string} label
 * @param {string} name
 * @param {string} [value]
 * @param {Record<string, unknown>} [more]
 */
export function field(label, name, value = "", more = {}) {
  return h(
    "label",
    null,
    label,
    h("input", { name, value, autocomplete: "off", spellcheck: "false", ...more }),
  );
}

/**
 * A form that does not leave the page.
 *
 * @param {string} look
 * @param {(values: Record<string, string>) => unknown} send
 * @param {...Child} content
 */
export function form(look, send, ...content) {
  return h(
    "form",
    {
      class: look,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const values = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
        send(Object.fromEntries([...values].map(([name, value]) => [name, String(value).trim()])));
      },
    },
    ...content,
  );
}

/**
 * A link that looks like a button.
 *
 * @param {string} text
 * @param {string} href
 */
export const goButton = (text, href) => h("a", { class: "button", href }, text);
