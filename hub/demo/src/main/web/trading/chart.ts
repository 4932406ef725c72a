import type { Candle } from "./candles.ts";
import { money } from "./contract.ts";

const [width, height, margin] = [600, 150, 46];

/** Draws candles as SVG; the text is for those who cannot see it. */
export function drawChart(svg: SVGSVGElement, candles: readonly Candle[], most: number): void {
  svg.setAttribute("viewBox", `0 0 ${String(width)} ${String(height)}`);
  const last = candles.at(-1);
  if (!last) {
    svg.setAttribute("aria-label", "No prices yet");
    svg.replaceChildren();
    return;
  }
  const high = Math.max(...candles.map((each) => each.high)) + 1;
  const low = Math.min(...candles.map((each) => each.low)) - 1;
  const y = (price: number): number => 8 + ((high - price) / (high - low)) * (height - 16);
  const space = (width - margin) / most;
  const shapes = candles.flatMap((candle, i) => {
    const x = (most - candles.length + i + 0.5) * space;
    const [top, bottom] = [
      y(Math.max(candle.open, candle.close)),
      y(Math.min(candle.open, candle.close)),
    ];
    const kind = candle.close >= candle.open ? "up" : "down";
    return [
      shape("path", {
        d: `M${x.toFixed(1)} ${y(candle.high).toFixed(1)}V${y(candle.low).toFixed(1)}`,
        class: `wick ${kind}`,
      }),
      shape("rect", {
        x: x - space * 0.32,
        y: top,
        width: space * 0.64,
        height: Math.max(1.5, bottom - top),
        class: kind,
      }),
    ];
  });
  const prices = [high - 1, (high + low) / 2, low + 1].map((price) =>
    label(money(price), y(price)),
  );
  const at = y(last.close);
  const line = shape("path", { d: `M0 ${at.toFixed(1)}H${String(width - margin)}`, class: "last" });
  svg.replaceChildren(line, ...shapes, ...prices);
  svg.setAttribute(
    "aria-label",
    `Prices of five seconds each: last ${money(last.close)}, between ${money(low + 1)} and ${money(high - 1)}`,
  );
}

function shape(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}

function label(text: string, y: number): SVGElement {
  const element = shape("text", { x: width - margin + 6, y: y + 4 });
  element.textContent = text;
  return element;
}
