import { chart } from "./lib/chart.js";
import { h, show } from "./lib/dom.js";
import { count, rate } from "./lib/format.js";
import { newest, ofAll, slots } from "./lib/rates.js";

/** @type {readonly { name: string, columns: readonly string[], tone?: string, whole?: boolean, unit?: string }[]} */
const graphs = [
  { name: "Connections", columns: ["connections"], whole: true },
  { name: "Events in / s", columns: ["in"] },
  { name: "Events out / s", columns: ["out"], tone: "ok" },
  { name: "Came back / s", columns: ["resumes", "reads"] },
  { name: "Dropped, refused / s", columns: ["drops", "refusals"], tone: "bad" },
  { name: "Heap", columns: ["heapMiB"], whole: true, unit: " MiB" },
];

/**
 * Adds columns; of "came back" the first that the nodes count at all.
 *
 * @param {readonly string[]} columns
 */
function values(columns) {
  const all = columns.map(ofAll);
  return (all[0] ?? []).map((_, i) => all.reduce((sum, one) => sum + (one[i] ?? 0), 0));
}

/**
 * Draws the rates of all nodes together.
 *
 * @param {HTMLElement} strip
 */
export function showStrip(strip) {
  show(
    strip,
    graphs.map(({ name, columns, tone = "", whole, unit = "" }) => {
      const series = values(columns);
      const now = newest(series);
      const text = whole ? count(now) : rate(now);
      return h(
        "div",
        null,
        h("span", { class: "cut" }, name),
        h("b", null, text, now === undefined ? "" : unit),
        chart(series, `${name}, last five minutes; now ${text}`, {
          tone,
          slots: slots(series.length),
        }),
      );
    }),
  );
}
