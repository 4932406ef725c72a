import { get, post } from "../lib/api.js";
import { chart } from "../lib/chart.js";
import { askEvent } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { bytes, count, rate } from "../lib/format.js";
import {
  card,
  changeButton,
  facts,
  goButton,
  node as nodeName,
  pill,
  silent,
  table,
} from "../lib/parts.js";
import { link } from "../lib/view.js";

const kept = 150;

/**
 * One address: its rule, what is kept, who hears it where.
 *
 * @param {import("../lib/view.js").View} view
 * @param {string} name
 */
export function address(view, name) {
  /** @type {number[]} */
  const ins = [];
  /** @type {number[]} */
  const outs = [];
  let said = "";
  view.root.className = "two";
  const publish = async () => {
    const event = await askEvent(name);
    if (event) {
      await view.attempt(async () => {
        const answer = await post("publish", {
          body: { address: name, event: { type: event.type, payload: JSON.parse(event.payload) } },
          reason: event.reason,
        });
        said = `published as ${answer.position ?? answer.id}`;
      });
    }
  };
  view.every(2_000, async () => {
    const found = await get(`addresses/${encodeURIComponent(name)}`, {}, view.signal);
    keep(ins, found.in);
    keep(outs, found.out);
    show(
      view.root,
      overview(found, name, said, publish),
      traffic(found, ins, outs),
      perNode(found),
    );
  });
}

/**
 * @param {number[]} values
 * @param {number} value
 */
function keep(values, value) {
  values.push(value);
  if (values.length > kept) {
    values.shift();
  }
}

/**
 * @param {any} found
 * @param {string} name
 * @param {string} said
 * @param {() => Promise<void>} publish
 */
function overview(found, name, said, publish) {
  const rule = found.rule;
  return card(
    h("code", null, name),
    [
      facts([
        ["Delivery", found.delivery ?? "–"],
        ["Rule", rule ? h("code", null, rule.match) : "none: everything is denied here"],
        ["In the config at", rule ? h("code", null, rule.where) : "–"],
        [
          "Position",
          found.position ? h("code", null, found.position) : "nothing was ever published",
        ],
        [
          "Retained",
          found.retained === undefined
            ? "nothing"
            : `${count(found.retained)} events, ${bytes(found.retainedBytes)}`,
        ],
        ["Oldest kept", found.first ? h("code", null, found.first) : "–"],
      ]),
      h(
        "p",
        { class: "row" },
        goButton("Tail", link("tail", [], { address: name })),
        goButton("Who is connected", link("connections", [], { address: name })),
        goButton("Who may", link("permissions", [], { address: name })),
        goButton("Trace", link("trace", [], { address: name })),
        changeButton("Publish a test event…", () => void publish()),
      ),
      said && h("p", { class: "small ok", role: "status" }, said),
    ],
    {
      tools: [
        silent(found.nodes),
        pill(found.subscribers > 0 ? "ok" : "", `${count(found.subscribers)} subscribers`),
      ],
    },
  );
}

/**
 * @param {any} found
 * @param {readonly number[]} ins
 * @param {readonly number[]} outs
 */
function traffic(found, ins, outs) {
  const most = Math.max(...ins, ...outs);
  return card("Traffic, since this screen is open", [
    facts([
      ["In / out per second", `${rate(found.in)} / ${rate(found.out)}`],
      ["Published, delivered", `${count(found.published)} / ${count(found.delivered)}`],
      ["Dropped for slow clients", count(found.dropped)],
      ["Resumed, position lost", `${count(found.resumed)} / ${count(found.lost)}`],
    ]),
    chart(outs, "Events out a second", {
      tone: "ok",
      height: 60,
      most,
      slots: Math.max(30, outs.length),
    }),
    chart(ins, "Events in a second", {
      height: 34,
      most: Math.max(...ins),
      slots: Math.max(30, outs.length),
    }),
    h("p", { class: "small dim row" }, pill("ok", "out"), "above, events in below"),
  ]);
}

/** @param {any} found */
function perNode(found) {
  return card(
    "By node",
    table(
      [
        "Node",
        { text: "Subscribers", number: true },
        { text: "In / s", number: true },
        { text: "Out / s", number: true },
        { text: "Delivered", number: true, hide: true },
        { text: "Dropped", number: true, hide: true },
        { text: "Resumed", number: true, hide: true },
        { text: "Lost", number: true, hide: true },
      ],
      found.perNode.map((/** @type {any} */ row) =>
        h(
          "tr",
          { "data-key": row.node },
          h("td", null, nodeName(row.node)),
          h("td", { class: "n" }, count(row.subscribers)),
          h("td", { class: "n" }, rate(row.in)),
          h("td", { class: "n" }, rate(row.out)),
          h("td", { class: "n hide" }, count(row.delivered)),
          h("td", { class: "n hide" }, count(row.dropped)),
          h("td", { class: "n hide" }, count(row.resumed)),
          h("td", { class: "n hide" }, count(row.lost)),
        ),
      ),
      "This address on each node",
      "No node has subscribers or publishers of it.",
    ),
    { class: "wide", flush: found.perNode.length > 0 },
  );
}
