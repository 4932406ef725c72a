import { fill, h, onceAFrame } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import { Distribution } from "../cursors/rates.ts";
import { BookFeed } from "./book-feed.ts";
import { Candles } from "./candles.ts";
import { drawChart } from "./chart.ts";
import { money, type Alert, type MarketEvents, type Tick, type Trade } from "./contract.ts";
import type { Level } from "./order-book.ts";

const pane = await openPane<MarketEvents>("trading");
const { hub, user, handle } = pane;
const hasDepth = pane.claims["plan"] === "depth";
const { symbols } = await pane.get<{ readonly symbols: readonly string[] }>("/market");
const spans = 60;
const ticks = new Map<string, Tick>();
const ages = new Distribution(200);
const candles = new Candles(5_000, spans);
let trades: Trade[] = [];
let waiting: readonly Alert[] = [];
let fired: (Alert & { readonly reached: number; readonly id: string })[] = [];
let chosen = symbols[0] ?? "";
let book: BookFeed | undefined;
let leave: (() => void) | undefined;

const banner = h("p", { class: "banner bad", role: "alert", hidden: true });
const watch = h("tbody");
const watchList = h(
  "table",
  { class: "watch" },
  h("caption", { class: "visually-hidden" }, "Prices"),
  head("Symbol", "Price", "Change", "Bid", "Ask"),
  watch,
);
const chart = document.createElementNS("http://www.w3.org/2000/svg", "svg");
chart.setAttribute("class", "chart");
chart.setAttribute("role", "img");
const ladder = h("div", { class: "ladder" });
const proof = h("p", { class: "checksum", role: "status" });
const tape = h("ol", { class: "tape" });
const age = h("p", { class: "dim age" });
const price = h("input", {
  id: "price",
  type: "number",
  step: "0.01",
  min: "0.01",
  required: true,
});
const form = h(
  "form",
  { class: "row" },
  h("label", { htmlFor: "price" }, "Tell me at"),
  price,
  h("button", { class: "primary" }, "Set alert"),
);
const alerts = h("ul", { class: "alerts" });
tape.tabIndex = 0;
tape.setAttribute("aria-label", "Trades, newest first");
const section = (title: string, ...children: readonly Node[]): HTMLElement =>
  h("section", {}, h("h2", {}, title), ...children);
pane.root.classList.add("trading");
pane.root.append(
  banner,
  section("Watch list", watchList, age),
  section("Chart", chart),
  section("Order book", ladder, proof),
  section("Trades", tape),
  section("Alerts", form, alerts),
);

const draw = onceAFrame(() => {
  fill(watch, ...symbols.map(watchRow));
  const p95 = ages.percentile(0.95);
  age.textContent =
    p95 === undefined
      ? ""
      : `tick age p95 ${String(p95)} ms, ${hasDepth ? "10 a second at most" : "delayed plan: every 2 s"}`;
  drawChart(chart, candles.list(), spans);
  drawBook();
  fill(
    tape,
    ...trades
      .slice(-40)
      .reverse()
      .map(({ number, price: at, size, side }) =>
        h(
          "li",
          { class: side, data: { number: String(number) } },
          h("span", {}, side),
          h("span", {}, money(at)),
          h("span", {}, String(size)),
        ),
      ),
  );
  const cancel = (id: string): void =>
    void attempt(pane.send("DELETE", `/alerts/${id}`)).then(loadAlerts);
  fill(
    alerts,
    ...fired.map(({ id, symbol, price: at, reached }) =>
      h(
        "li",
        { class: "fired", data: { id } },
        h("span", { class: "pill ok" }, "fired"),
        ` ${symbol} reached ${money(reached)} (alert at ${money(at)})`,
      ),
    ),
    ...waiting.map(({ id, symbol, direction, price: at }) =>
      h(
        "li",
        { data: { id } },
        h("span", { class: "pill" }, "waits"),
        ` ${symbol} ${direction} ${money(at)} `,
        h(
          "button",
          {
            type: "button",
            class: "small",
            onclick: () => {
              cancel(id);
            },
          },
          `Cancel ${symbol} ${money(at)}`,
        ),
      ),
    ),
  );
});

hub.subscribe(hasDepth ? "market:ticks" : "market:delayed", {
  on: {
    "market.tick": ({ payload }) => {
      ticks.set(payload.symbol, payload);
      ages.add(Date.now() - payload.at);
      if (!hasDepth && payload.symbol === chosen) {
        candles.add(payload.price, payload.at);
      }
      draw();
    },
  },
});
hub.subscribe(`market:alerts:${user}`, {
  recent: 20,
  on: {
    "alert.triggered": ({ payload }) => {
      fired = [payload, ...fired].slice(0, 20);
      waiting = waiting.filter(({ id }) => id !== payload.id);
      draw();
    },
  },
});

function choose(symbol: string): void {
  chosen = symbol;
  candles.clear();
  trades = [];
  leave?.();
  const feed = new BookFeed(pane, symbol, draw);
  const tradesOf = hub.subscribe(`market:trades:${symbol}`, {
    recent: 300,
    on: {
      "market.trade": ({ payload, occurredAt }) => {
        trades = [...trades, payload].slice(-300);
        candles.add(payload.price, Date.parse(occurredAt));
        draw();
      },
    },
  });
  tradesOf.ready.catch(() => undefined);
  book = feed;
  leave = () => {
    feed.leave();
    tradesOf.unsubscribe();
  };
  price.value = "";
  draw();
}

function watchRow(symbol: string): HTMLElement {
  const tick = ticks.get(symbol);
  const select = h(
    "button",
    {
      type: "button",
      class: "small",
      onclick: () => {
        choose(symbol);
      },
    },
    symbol,
  );
  select.setAttribute("aria-pressed", String(symbol === chosen));
  if (!tick) {
    return h(
      "tr",
      { data: { symbol } },
      h("td", {}, select),
      h("td", { class: "dim" }, "no price yet"),
    );
  }
  const change = (100 * (tick.price - tick.opening)) / tick.opening;
  const sign = change >= 0 ? "+" : "−";
  return h(
    "tr",
    { data: { symbol } },
    h("td", {}, select),
    h("td", { class: "n price" }, money(tick.price)),
    h(
      "td",
      { class: `n ${change >= 0 ? "up" : "down"}` },
      `${sign}${Math.abs(change).toFixed(2)} %`,
    ),
    h("td", { class: "n" }, money(tick.bid)),
    h("td", { class: "n" }, money(tick.ask)),
  );
}

function drawBook(): void {
  if (!book) {
    return;
  }
  if (book.denied !== undefined) {
    fill(ladder);
    proof.className = "checksum bad";
    proof.textContent = `Denied: ${book.denied}`;
    return;
  }
  const [bids, asks] = [book.book.top("bids", 10), book.book.top("asks", 10)];
  const most = Math.max(1, ...[...bids, ...asks].map(([, size]) => size));
  const side = (name: string, levels: readonly Level[]): HTMLElement => {
    const rows = levels.map(([at, size]) => {
      const bar = h("span", { class: "bar-of-depth" });
      bar.style.inlineSize = `${String(Math.round((100 * size) / most))}%`;
      return h(
        "tr",
        {},
        h("td", { class: "n" }, money(at)),
        h("td", { class: "n depth" }, bar, h("span", {}, String(size))),
      );
    });
    return h(
      "table",
      { class: name },
      h("caption", {}, name === "bids" ? "Wanted" : "Offered"),
      h("tbody", {}, ...rows),
    );
  };
  fill(ladder, side("bids", bids), side("asks", asks));
  const { isRight, checksum, compared, right, snapshots } = book;
  proof.className = `checksum ${isRight === undefined ? "" : isRight ? "ok" : "bad"}`;
  proof.textContent =
    isRight === undefined
      ? "waiting for the market's checksum"
      : `version ${String(book.book.version)}, checksum ${checksum.toString(16)} ${isRight ? "is the market's" : "is NOT the market's"} (${String(right)} of ${String(compared)} right, ${String(snapshots)} snapshots)`;
}

async function loadAlerts(): Promise<void> {
  waiting =
    (await attempt(pane.get<{ readonly alerts: readonly Alert[] }>("/alerts")))?.alerts ?? waiting;
  draw();
}

/** Sets an alert: now, or when the network is there; with one id however often it is sent. */
async function setAlert(symbol: string, cents: number): Promise<string> {
  const id = crypto.randomUUID();
  const set = await attempt(pane.send<Alert>("PUT", `/alerts/${id}`, { symbol, price: cents }));
  await loadAlerts();
  return set
    ? `An alert waits for ${symbol} ${set.direction} ${money(cents)}.`
    : "The alert was refused.";
}

form.onsubmit = (event) => {
  event.preventDefault();
  void setAlert(chosen, Math.round(Number(price.value) * 100));
};

async function attempt<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (failure) {
    banner.hidden = false;
    banner.textContent = failure instanceof Error ? failure.message : "refused";
    return undefined;
  }
}

function head(...names: readonly string[]): HTMLElement {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      ...names.map((name, i) => h("th", { scope: "col", class: i > 0 ? "n" : "" }, name)),
    ),
  );
}

handle.actions.set("drop", () => {
  handle.lab.dropNext("market.book.delta");
  return Promise.resolve(`${pane.name} loses the next delta of the book.`);
});
handle.actions.set("alert", () => setAlert(chosen, ticks.get(chosen)?.price ?? 10_000));

choose(chosen);
await loadAlerts();
