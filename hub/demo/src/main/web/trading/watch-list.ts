import { h } from "../shell/dom.ts";
import { money, type Tick } from "./contract.ts";

/** A table of prices; a price that has changed lights up. */
export interface WatchList {
  readonly element: HTMLElement;
  draw(ticks: ReadonlyMap<string, Tick>, chosen: string): void;
}

/** Makes one; `choose` is called with the symbol that somebody wants to see more of. */
export function watchList(symbols: readonly string[], choose: (symbol: string) => void): WatchList {
  const rows = symbols.map((symbol) => {
    const button = h("button", { type: "button", class: "small" }, symbol);
    button.onclick = () => {
      choose(symbol);
    };
    const [price, change, bid, ask] = [cell("price"), cell(), cell(), cell()];
    const element = h("tr", { data: { symbol } }, h("td", {}, button), price, change, bid, ask);
    return { symbol, button, element, price, change, bid, ask };
  });
  const heads = ["Symbol", "Price", "Change", "Bid", "Ask"];
  return {
    element: h(
      "table",
      { class: "watch" },
      h("caption", { class: "visually-hidden" }, "Prices"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...heads.map((name, i) => h("th", { scope: "col", class: i ? "n" : "" }, name)),
        ),
      ),
      h("tbody", {}, ...rows.map(({ element }) => element)),
    ),
    draw(ticks, chosen) {
      for (const { symbol, button, price, change, bid, ask } of rows) {
        button.setAttribute("aria-pressed", String(symbol === chosen));
        const tick = ticks.get(symbol);
        if (tick) {
          const percent = (100 * (tick.price - tick.opening)) / tick.opening;
          if (write(price, money(tick.price))) {
            // The animation begins anew where the class comes anew.
            price.replaceChildren(h("span", { class: "flash" }, money(tick.price)));
          }
          change.className = `n ${percent >= 0 ? "up" : "down"}`;
          write(change, `${percent >= 0 ? "+" : "−"}${Math.abs(percent).toFixed(2)} %`);
          write(bid, money(tick.bid));
          write(ask, money(tick.ask));
        }
      }
    },
  };
}

function cell(kind = ""): HTMLTableCellElement {
  return h("td", { class: `n ${kind}` }, "–");
}

/** Writes a text where it is another one; tells whether it was. */
export function write(element: Element, text: string): boolean {
  const isOther = element.textContent !== text;
  if (isOther) {
    element.textContent = text;
  }
  return isOther;
}
