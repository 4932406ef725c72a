import { get } from "../lib/api.js";
import { h, show } from "../lib/dom.js";
import { count, rate } from "../lib/format.js";
import { address as addressLink, card, choice, field, form, silent, table } from "../lib/parts.js";
import { link } from "../lib/view.js";
import { address } from "./address.js";

/** @typedef {Record<string, any>} Row */

const orders = /** @type {const} */ ([
  ["rate", "Busiest"],
  ["subscribers", "Most subscribers"],
  ["events", "Most events"],
]);

/**
 * The busiest addresses, or one of them.
 *
 * @param {import("../lib/view.js").View} view
 */
export function addresses(view) {
  const one = view.path[0];
  if (one !== undefined) {
    address(view, one);
    return;
  }
  const match = view.query.get("match") ?? "";
  const sort = view.query.get("sort") ?? "rate";
  view.every(2_000, async () => {
    const answer = await get("addresses", { match, sort, limit: 50 }, view.signal);
    show(view.root, list(answer, match, sort));
  });
}

/**
 * @param {any} answer
 * @param {string} match
 * @param {string} sort
 */
function list(answer, match, sort) {
  const most = Math.max(1, ...answer.addresses.map((/** @type {Row} */ row) => weight(row, sort)));
  return card(
    "Addresses",
    [
      form(
        "form",
        (values) => go(values["match"] ?? "", sort),
        field("Begins with, or a pattern such as room:{id}", "match", match),
        h("button", null, "Find"),
      ),
      table(
        [
          "Address",
          { text: "Kind", hide: true },
          { text: "Subscribers", number: true, sorted: sort === "subscribers" },
          { text: "In / s", number: true },
          { text: "Out / s", number: true, sorted: sort === "rate" },
          { text: "Events", number: true, hide: true, sorted: sort === "events" },
          { text: "Dropped", number: true, hide: true },
          { text: "Resumed, lost", number: true, hide: true },
          { text: "Share", hide: true },
        ],
        answer.addresses.map((/** @type {Row} */ row) => line(row, weight(row, sort) / most)),
        "Addresses in use",
        match ? `No address in use begins with or fits ${match}.` : "No address is in use.",
      ),
    ],
    {
      tools: [
        silent(answer.nodes),
        choice("Order", orders, sort, (value) => {
          go(match, value);
        }),
      ],
    },
  );
}

/**
 * @param {string} match
 * @param {string} sort
 */
function go(match, sort) {
  location.hash = link("addresses", [], { match, sort: sort === "rate" ? "" : sort });
}

/**
 * @param {Row} row
 * @param {string} sort
 */
function weight(row, sort) {
  return sort === "subscribers"
    ? row["subscribers"]
    : sort === "events"
      ? row["published"]
      : row["in"] + row["out"];
}

/**
 * @param {Row} row
 * @param {number} share
 */
function line(row, share) {
  return h(
    "tr",
    { "data-key": row["address"] },
    h("td", { class: "a" }, addressLink(row["address"])),
    h("td", { class: "hide" }, h("span", { class: "tag" }, row["delivery"] ?? "no rule")),
    h("td", { class: "n" }, count(row["subscribers"])),
    h("td", { class: "n" }, rate(row["in"])),
    h("td", { class: "n" }, rate(row["out"])),
    h("td", { class: "n hide" }, count(row["published"])),
    h("td", { class: `n hide ${row["dropped"] ? "bad" : "dim"}` }, count(row["dropped"])),
    h(
      "td",
      { class: "n hide" },
      count(row["resumed"]),
      h("span", { class: row["lost"] ? "bad" : "dim" }, ` / ${count(row["lost"])}`),
    ),
    h(
      "td",
      { class: "hide" },
      h("progress", { class: "bar", max: 1, value: share, "aria-label": "Share of the first" }),
    ),
  );
}
