import { get, post } from "../lib/api.js";
import { chart } from "../lib/chart.js";
import { confirm } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { bytes, clock, count, percent, plural, rate, shortNode, span } from "../lib/format.js";
import { card, changeButton, facts, node as nodeName, pill, silent, table } from "../lib/parts.js";
import { newest, ofNode, slots } from "../lib/rates.js";
import { session } from "../lib/view.js";
import { map } from "./cluster-map.js";

/** @typedef {Record<string, any> & { node: string, state: string }} Node */
/** @typedef {{ node: Node, leftMillis?: number }} Seen */

const phases = ["moving", "finishing", "leaving"];
const rememberedMillis = 60_000;
const tones = /** @type {Record<string, string>} */ ({
  ready: "ok",
  starting: "warn",
  draining: "warn",
  degraded: "bad",
  unreachable: "bad",
  gone: "",
});

/**
 * All nodes, live: what each holds and does, the ways between them, and how one goes.
 *
 * @param {import("../lib/view.js").View} view
 */
export function cluster(view) {
  /** @type {Map<string, Seen>} */
  const seen = new Map();
  /** @type {any} */
  let audit = { entries: [] };

  const look = async () => {
    const { nodes } = await get("nodes", {}, view.signal);
    session.others = nodes
      .filter((/** @type {Node} */ one) => one.node !== session.node && one.state === "ready")
      .map((/** @type {Node} */ one) => one["opsUrl"]);
    remember(seen, nodes);
    draw();
  };
  const draw = () => {
    const all = [...seen.values()];
    show(view.root, summary(all), nodeCards(all, drain), actions(audit));
  };
  /** @param {Node} node */
  const drain = async (node) => {
    const others = [...seen.values()].filter(({ node: one }) => one.state === "ready").length - 1;
    const reason = await confirm(
      `Drain ${shortNode(node.node)}?`,
      others > 0
        ? `Its ${plural(node["connections"] ?? 0, "connection")} move to ${plural(others, "other node")}, each at its own moment; then the node ends.`
        : "No other node is ready: every connection is closed at once, and the hub ends.",
      { text: "Drain", danger: true },
    );
    if (reason !== null) {
      await view.attempt(() => post(`nodes/${encodeURIComponent(node.node)}/drain`, { reason }));
      await view.attempt(look);
    }
  };
  const isMoving = () => [...seen.values()].some(({ node }) => node.state === "draining");

  view.root.className = "side";
  let turn = 0;
  view.every(500, async () => {
    // While a node goes it is looked at twice a second, else every two seconds.
    if (turn++ % 4 === 0 || isMoving()) {
      await look();
    }
  });
  view.every(4_000, async () => {
    audit = await get("audit", { limit: 12 }, view.signal);
    draw();
  });
}

/**
 * A node that the cluster does not list any more is shown for a minute, so that one sees it go.
 *
 * @param {Map<string, Seen>} seen
 * @param {readonly Node[]} nodes
 */
function remember(seen, nodes) {
  const now = Date.now();
  for (const node of nodes) {
    const before = seen.get(node.node);
    // While it closes, a node is still listed and does not answer any more: that is no failure of it.
    const isGoing = node.state === "unreachable" && before?.node["drain"] !== undefined;
    seen.set(node.node, isGoing ? { node: leaving(before.node) } : { node });
  }
  const listed = new Set(nodes.map(({ node }) => node));
  for (const [name, { node, leftMillis }] of seen) {
    if (listed.has(name)) {
      continue;
    }
    if (leftMillis === undefined) {
      seen.set(name, { node: { ...node, state: "gone", connections: 0 }, leftMillis: now });
    } else if (now - leftMillis > rememberedMillis) {
      seen.delete(name);
    }
  }
}

/** @param {Node} node */
function leaving(node) {
  return { ...node, connections: 0, drain: { ...node["drain"], phase: "leaving", socketsLeft: 0 } };
}

/** @param {readonly Seen[]} all */
function summary(all) {
  const nodes = all.map(({ node }) => node).filter(({ state }) => state !== "gone");
  const ready = nodes.filter(({ state }) => state === "ready").length;
  const isSafe = nodes.length > 0 && nodes.every((node) => node["safe"] === true);
  /** @param {string} name */
  const sum = (name) => nodes.reduce((total, node) => total + (node[name] ?? 0), 0);
  const minimum = nodes[0]?.["minimumNodes"];
  return h(
    "div",
    { class: "stack", "data-key": "summary" },
    card(
      "Map",
      [
        map(all.map(({ node }) => node)),
        facts([
          [
            "Nodes ready",
            `${String(ready)} of ${String(nodes.length)}${minimum ? `, at least ${String(minimum)} wanted` : ""}`,
          ],
          ["Connections", count(sum("connections"))],
          ["Subscriptions", count(sum("subscriptions"))],
          [
            "Store",
            nodes[0]?.["store"]
              ? `${nodes[0]["store"].name}${nodes[0]["store"].up ? "" : ", away"}`
              : "–",
          ],
        ]),
      ],
      {
        tools: pill(
          isSafe ? "ok" : "warn",
          isSafe ? "every log has its copies" : "copies are being made",
        ),
      },
    ),
  );
}

/**
 * @param {readonly Seen[]} all
 * @param {(node: Node) => void} drain
 */
function nodeCards(all, drain) {
  const order = all.toSorted((a, b) => a.node.node.localeCompare(b.node.node));
  return h(
    "div",
    { class: "nodes", "data-key": "nodes" },
    order.map((seen) => nodeCard(seen, drain)),
  );
}

/**
 * @param {Seen} seen
 * @param {(node: Node) => void} drain
 */
function nodeCard({ node, leftMillis }, drain) {
  const name = node.node;
  const isHere = name === session.node;
  const out = ofNode(name, "out");
  const ends = leftMillis !== undefined || node.state === "draining";
  return card(
    [
      nodeName(name),
      isHere && h("span", { class: "tag", title: "This page comes from it" }, "here"),
    ],
    [
      ends
        ? progress(node, leftMillis)
        : chart(out, `Events out of ${name}`, { tone: "ok", height: 34, slots: slots(out.length) }),
      leftMillis === undefined && facts(figures(node, out)),
      node["why"] && h("p", { class: "small bad" }, node["why"]),
      leftMillis === undefined &&
        h(
          "div",
          { class: "row" },
          node["opsUrl"] && !isHere && h("span", { class: "small dim cut" }, node["opsUrl"]),
          changeButton("Drain…", () => drain(node), {
            class: "danger end",
            disabled: node.state !== "ready",
          }),
        ),
    ],
    {
      key: name,
      class: `node ${node.state}`,
      tools: pill(tones[node.state] ?? "", node.state),
    },
  );
}

/**
 * @param {Node} node
 * @param {readonly number[]} out
 * @returns {[string, import("../lib/dom.js").Child][]}
 */
function figures(node, out) {
  const memory = node["memory"] ?? {};
  const heap = newest(ofNode(node.node, "heapMiB"));
  const delay = newest(ofNode(node.node, "loopDelayMillis"));
  /** @type {[string, import("../lib/dom.js").Child][]} */
  const all = [
    ["Connections", count(node["connections"])],
    ["Subscriptions", count(node["subscriptions"])],
    ["In, out per second", `${rate(newest(ofNode(node.node, "in")))} / ${rate(newest(out))}`],
    ["Heap", heap === undefined ? "–" : bytes(heap * 1024 * 1024)],
    ["Held for clients", `${bytes(memory.heldBytes)} / ${bytes(memory.budgetBytes)}`],
    ["Owns", node["owned"] === undefined ? "–" : percent(node["owned"])],
    ["Up", node["since"] ? span(Date.now() - Date.parse(node["since"])) : "–"],
    ["Version", node["version"] ?? "–"],
  ];
  const [half, most] = ["p50Millis", "p99Millis"].map((name) => newest(ofNode(node.node, name)));
  return [
    ...all,
    ...when(most, ["Delivery p50, p99", `${rate(half)} / ${rate(most)} ms`]),
    ...when(delay, ["Event loops late", `${rate(delay)} ms`]),
  ];
}

/**
 * What not every version of a node measures.
 *
 * @param {number | undefined} value
 * @param {[string, string]} fact
 */
const when = (value, fact) => (value ? [fact] : []);

/**
 * How far a node's drain is.
 *
 * @param {Node} node
 * @param {number | undefined} leftMillis
 */
function progress(node, leftMillis) {
  const drain = node["drain"] ?? {};
  const at = leftMillis === undefined ? phases.indexOf(drain.phase) : phases.length;
  const moved = (drain.sockets ?? 0) - (drain.socketsLeft ?? 0);
  return h(
    "div",
    { class: "stack" },
    h(
      "ol",
      { class: "phases", "aria-label": "Drain" },
      phases.map((phase, i) => h("li", { class: i < at ? "done" : i === at ? "now" : "" }, phase)),
    ),
    h("progress", {
      class: leftMillis === undefined ? "bar warn" : "bar ok",
      max: Math.max(1, drain.sockets ?? 1),
      value:
        leftMillis === undefined && at <= 0 ? Math.max(0, moved) : Math.max(1, drain.sockets ?? 1),
      "aria-label": "Connections moved",
    }),
    h(
      "p",
      { class: "small dim" },
      leftMillis === undefined
        ? `${count(Math.max(0, moved))} of ${plural(drain.sockets ?? 0, "connection")} moved to ${plural(drain.others ?? 0, "other node")}, after ${span(drain.elapsedMillis ?? 0)} of ${span(drain.windowMillis ?? 0)}`
        : `Left the cluster at ${clock(leftMillis)}`,
    ),
  );
}

/** @param {{ entries: readonly any[], nodes?: any }} audit */
function actions(audit) {
  const rows = audit.entries.map((entry) =>
    h(
      "tr",
      { "data-key": `${entry.at}${entry.action}` },
      h("td", null, clock(entry.at)),
      h(
        "td",
        null,
        entry.action.replaceAll("_", " "),
        entry.status >= 300 && h("span", { class: "bad" }, ` ${entry.status}`),
      ),
      h("td", { class: "a" }, h("code", { title: entry.target }, shortNode(entry.target))),
      h("td", null, entry.who),
      h("td", { class: "hide a" }, entry.why || h("span", { class: "dim" }, "–")),
      h("td", { class: "hide" }, nodeName(entry.node)),
    ),
  );
  return card(
    "What operators did",
    table(
      ["At", "What", "Whom", "Who", { text: "Why", hide: true }, { text: "Asked on", hide: true }],
      rows,
      "Actions of operators, the last first",
      "Nobody has changed anything since the nodes started.",
    ),
    { class: "wide", key: "audit", flush: rows.length > 0, tools: silent(audit.nodes) },
  );
}
