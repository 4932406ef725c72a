import { get, post } from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { ago, bytes, count, shortId, shortNode } from "../lib/format.js";
import {
  card,
  changeButton,
  field,
  form,
  goButton,
  node as nodeName,
  pill,
  silent,
  table,
  user,
} from "../lib/parts.js";
import { rates } from "../lib/rates.js";
import { link } from "../lib/view.js";
import { connection } from "./connection.js";

const fields = /** @type {const} */ ([
  ["user", "User"],
  ["ip", "IP"],
  ["address", "Subscribed to"],
]);

/**
 * Who is connected, page by page; or one connection.
 *
 * @param {import("../lib/view.js").View} view
 */
export function connections(view) {
  const one = view.path[0];
  if (one !== undefined) {
    connection(view, one);
    return;
  }
  const filter = Object.fromEntries(view.query);
  const cut = async () => {
    const name = filter["user"] ?? "";
    const reason = await confirm(
      `Disconnect ${name} everywhere?`,
      "All connections of this user are closed with 4403; a client that obeys does not come back by itself.",
      { text: "Disconnect", danger: true },
    );
    if (reason !== null) {
      await view.attempt(() => post(`users/${encodeURIComponent(name)}/disconnect`, { reason }));
    }
  };
  view.every(3_000, async () => {
    const answer = await get("connections", { ...filter, limit: 50 }, view.signal);
    show(view.root, list(answer, filter, cut));
  });
}

/**
 * @param {any} answer
 * @param {Record<string, string>} filter
 * @param {() => Promise<void>} cut
 */
function list(answer, filter, cut) {
  const isFiltered = Object.keys(filter).some((name) => name !== "after");
  return card(
    "Connections",
    [
      filters(filter),
      table(
        [
          "User",
          "Connection",
          { text: "Over", hide: true },
          { text: "From", hide: true },
          { text: "Node", hide: true },
          { text: "Since", number: true },
          { text: "Subscriptions", number: true, hide: true },
          { text: "Unsent", number: true },
        ],
        answer.connections.map(line),
        "Connections, the last that came first",
        isFiltered ? "No connection fits." : "Nobody is connected.",
      ),
      h(
        "div",
        { class: "row" },
        filter["after"] && goButton("Newest", link("connections", [], { ...filter, after: "" })),
        answer.more &&
          goButton("Older", link("connections", [], { ...filter, after: answer.after })),
        h(
          "span",
          { class: "small dim end" },
          `${count(answer.connections.length)} on this page${answer.more ? ", there are more" : ""}`,
        ),
      ),
    ],
    {
      tools: [
        silent(answer.nodes),
        filter["user"] &&
          answer.connections.length > 0 &&
          changeButton("Disconnect this user…", () => void cut(), { class: "danger" }),
      ],
    },
  );
}

/** @param {Record<string, string>} filter */
function filters(filter) {
  return form(
    "form",
    (values) => {
      location.hash = link("connections", [], values);
    },
    fields.map(([name, text]) => field(text, name, filter[name] ?? "")),
    h(
      "label",
      null,
      "Node",
      h(
        "select",
        { name: "node" },
        h("option", { value: "" }, "all"),
        [...rates.keys()].map((name) =>
          h("option", { value: name, selected: filter["node"] === name }, shortNode(name)),
        ),
      ),
    ),
    h(
      "label",
      { class: "check narrow" },
      h("input", {
        type: "checkbox",
        name: "slow",
        value: "true",
        checked: filter["slow"] === "true",
      }),
      "slow only",
    ),
    h("button", null, "Find"),
  );
}

/** @param {any} row */
function line(row) {
  return h(
    "tr",
    { "data-key": row.id },
    h("td", { class: "a" }, user(row.user)),
    h(
      "td",
      null,
      h(
        "a",
        { href: link("connections", [row.id]), title: row.id },
        h("code", null, shortId(row.id)),
      ),
    ),
    h("td", { class: "hide" }, h("span", { class: "tag" }, row.transport)),
    h("td", { class: "hide" }, h("code", null, row.ip)),
    h("td", { class: "hide" }, nodeName(row.node)),
    h("td", { class: "n" }, ago(row.since)),
    h("td", { class: "n hide" }, count(row.subscriptionCount)),
    h(
      "td",
      { class: "n" },
      row.slow ? pill("bad", `slow, ${bytes(row.pendingBytes)}`) : bytes(row.pendingBytes),
    ),
  );
}
