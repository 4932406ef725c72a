import { s } from "../lib/dom.js";
import { count, shortNode } from "../lib/format.js";

const middle = { x: 160, y: 120 };
const mostNamed = 12;

/** @typedef {Record<string, any> & { node: string, state: string }} Node */

/** @param {readonly Node[]} nodes */
function places(nodes) {
  const around = nodes.length === 1 ? 0 : 74;
  return new Map(
    nodes.map(({ node }, i) => {
      const angle = (i / nodes.length) * 2 * Math.PI - Math.PI / 2;
      return [
        node,
        {
          x: Math.round(middle.x + around * 1.25 * Math.cos(angle)),
          y: Math.round(middle.y + around * Math.sin(angle)),
        },
      ];
    }),
  );
}

/**
 * Returns the worst of the two ways between each two nodes.
 *
 * @param {readonly Node[]} nodes
 */
function links(nodes) {
  /** @type {Map<string, { from: string, to: string, state: string }>} */
  const all = new Map();
  const rank = ["up", "unproved", "down"];
  for (const { from, to, state } of nodes.flatMap((node) => node["paths"] ?? [])) {
    const name = [from, to].sort().join(" ");
    const known = all.get(name);
    if (!known || rank.indexOf(state) > rank.indexOf(known.state)) {
      all.set(name, { from, to, state });
    }
  }
  return [...all.values()];
}

/**
 * Draws the nodes and the ways between them; a bigger circle holds more connections.
 *
 * @param {readonly Node[]} all
 */
export function map(all) {
  const nodes = all.toSorted((a, b) => a.node.localeCompare(b.node));
  const at = places(nodes);
  const most = Math.max(1, ...nodes.map((node) => node["connections"] ?? 0));
  const gone = new Set(nodes.filter(({ state }) => state === "gone").map(({ node }) => node));
  const text = nodes.map((node) => `${node.node} ${node.state}`).join(", ");
  return s(
    "svg",
    { class: "map", viewBox: "0 0 320 250", role: "img", "aria-label": `Nodes: ${text}` },
    links(nodes).map(({ from, to, state }) => {
      const [a, b] = [at.get(from), at.get(to)];
      return (
        a &&
        b &&
        !gone.has(from) &&
        !gone.has(to) &&
        s(
          "line",
          { class: state, x1: a.x, y1: a.y, x2: b.x, y2: b.y },
          s("title", null, `${shortNode(from)} and ${shortNode(to)}: ${state}`),
        )
      );
    }),
    nodes.map((node) => {
      const place = at.get(node.node) ?? middle;
      const size = 17 + 11 * Math.sqrt((node["connections"] ?? 0) / most);
      return s(
        "g",
        { class: node.state, "data-key": node.node },
        s(
          "circle",
          { cx: place.x, cy: place.y, r: Math.round(size * 10) / 10 },
          s("title", null, node.node),
        ),
        s("text", { x: place.x, y: place.y + 4 }, count(node["connections"] ?? 0)),
        nodes.length <= mostNamed &&
          s("text", { class: "sub", x: place.x, y: place.y + size + 13 }, shortNode(node.node)),
      );
    }),
  );
}
