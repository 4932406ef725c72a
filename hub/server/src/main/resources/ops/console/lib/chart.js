import { s } from "./dom.js";

/**
 * Draws values as a line with what is beneath it; the scale begins at 0.
 *
 * @param {readonly number[]} values
 * @param {string} label for who cannot see it
 * @param {{ most?: number, tone?: string, height?: number, slots?: number }} [how] `slots` is how many values a full
 *   chart has; fewer stand at its right end
 */
export function chart(values, label, { most, tone = "", height = 26, slots } = {}) {
  const top = Math.max(most ?? 0, ...values, 1e-9) * 1.08;
  const width = Math.max((slots ?? values.length) - 1, 1);
  const first = width - (values.length - 1);
  const points = values.map((value, i) => [
    first + i,
    Math.round((1 - value / top) * (height - 2) * 10) / 10 + 1,
  ]);
  const line = points.map(([x, y]) => `${String(x)} ${String(y)}`).join("L");
  const floor = String(height);
  return s(
    "svg",
    {
      class: `chart ${tone}`,
      viewBox: `0 0 ${String(width)} ${floor}`,
      height,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    },
    values.length > 1 && [
      s("path", {
        class: "area",
        d: `M${String(first)} ${floor}L${line}L${String(width)} ${floor}Z`,
      }),
      s("path", { d: `M${line}` }),
    ],
  );
}
