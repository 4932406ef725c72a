import { h } from "../shell/dom.ts";
import { money } from "./contract.ts";
import type { Level, OrderBook } from "./order-book.ts";
import { write } from "./watch-list.ts";

const levels = 10;

/** The best levels of an order book, with a bar for how much there is. */
export interface DepthLadder {
  readonly element: HTMLElement;
  draw(book: OrderBook): void;
}

/** Makes one. */
export function depthLadder(): DepthLadder {
  const sides = (["bids", "asks"] as const).map((name) => {
    const rows = Array.from({ length: levels }, () => {
      const [price, bar, size] = [
        h("td", { class: "n" }),
        h("span", { class: "depth-bar" }),
        h("span"),
      ];
      return {
        price,
        bar,
        size,
        element: h("tr", {}, price, h("td", { class: "n depth" }, bar, size)),
      };
    });
    const body = h("tbody", {}, ...rows.map(({ element }) => element));
    const caption = h("caption", {}, name === "bids" ? "Wanted" : "Offered");
    return { name, rows, element: h("table", { class: name }, caption, body) };
  });
  return {
    element: h("div", { class: "ladder" }, ...sides.map(({ element }) => element)),
    draw(book) {
      const both: readonly (readonly Level[])[] = sides.map(({ name }) => book.top(name, levels));
      const most = Math.max(1, ...both.flat().map(([, size]) => size));
      sides.forEach(({ rows }, side) => {
        rows.forEach(({ price, bar, size }, i) => {
          const [at, amount] = both[side]?.[i] ?? [0, 0];
          write(price, amount > 0 ? money(at) : "");
          write(size, amount > 0 ? String(amount) : "");
          bar.style.inlineSize = `${String(Math.round((100 * amount) / most))}%`;
        });
      });
    },
  };
}
