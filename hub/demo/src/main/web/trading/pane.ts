import { fill, h, onceAFrame } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import { Distribution } from "../cursors/rates.ts";
import { BookFeed } from "./book-feed.ts";
import { Candles } from "./candles.ts";
import { drawChart } from "./chart.ts";
import { money, type Alert, type MarketEvents, type Tick, type Trade } from "./contract.ts";
import { depthLadder } from "./depth-ladder.ts";
import { watchList, write } from "./watch-list.ts";

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
let fired: (Alert & { readonly reached: number })[] = [];
let chosen = symbols[0] ?? "";
let book: BookFeed | undefined;
let leave: (() => void) | undefined;

const banner = h("p", { class: "banner bad", role: "alert", hidden: true });
const watch = watchList(symbols, choose);
const age = h("p", { class: "dim age" });
const chart = document.createElementNS("http://www.w3.org/2000/svg", "svg");
const ladder = depthLadder();
const proof = h("p", { class: "checksum", role: "status" });
const tape = h("ol", { class: "tape" });
const price = h("input", {
  id: "price",
  type: "number",
  step: "0.01",
  min: "0.01",
  required: true,
});
const set = h("button", { class: "primary" }, "Set alert");
const form = h(
  "form",
  { class: "row" },
  h("label", { htmlFor: "price" }, "Tell me at"),
  price,
  set,
);
const alerts = h("ul", { class: "alerts" });
chart.setAttribute("class", "chart");
chart.setAttribute("role", "img");
tape.tabIndex = 0;
tape.setAttribute("aria-label", "Trades, newest first");
pane.root.classList.add("trading");
const depth = section("Order book", ladder.element, proof);
const tapeOf = section("Trades", tape);
pane.root.append(
  banner,
  section("Watch list", watch.element, age),
  section("Chart", chart),
  depth,
  h("div", { class: "pair" }, tapeOf, section("Alerts", form, alerts)),
);

function section(title: string, ...children: readonly Node[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), ...children);
}

const drawPrices = onceAFrame(() => {
  watch.draw(ticks, chosen);
  const p95 = ages.percentile(0.95);
  const pace = hasDepth ? "10 a second at most" : "delayed plan, one in 2 s";
  write(age, p95 === undefined ? "no price yet" : `tick age p95 ${String(p95)} ms, ${pace}`);
});
const drawTrades = onceAFrame(() => {
  drawChart(chart, candles.list(), spans);
  const newest = trades.slice(-30).reverse();
  fill(
    tape,
    ...newest.map(({ price: at, size, side }) =>
      h(
        "li",
        { class: side },
        ...[side, money(at), String(size)].map((text) => h("span", {}, text)),
      ),
    ),
  );
});
const drawBook = onceAFrame(() => {
  if (!book) {
    return;
  }
  const { denied, isRight, checksum, compared, right, snapshots } = book;
  ladder.element.hidden = tapeOf.hidden = denied !== undefined;
  depth.classList.toggle("denied", denied !== undefined);
  if (denied !== undefined) {
    write(proof, `Denied: ${denied}`);
    return;
  }
  ladder.draw(book.book);
  proof.className = `checksum ${isRight === undefined ? "" : isRight ? "ok" : "bad"}`;
  const verdict = `${checksum.toString(16)} is ${isRight === true ? "" : "NOT "}the market's`;
  const counts = `${String(right)} of ${String(compared)} right, ${String(snapshots)} ${snapshots === 1 ? "snapshot" : "snapshots"}`;
  write(
    proof,
    isRight === undefined
      ? "waiting for the market's checksum"
      : `checksum ${verdict} at version ${String(book.book.version)} (${counts})`,
  );
});
const drawAlerts = onceAFrame(() => {
  const cancel = (id: string): void =>
    void attempt(pane.send("DELETE", `/alerts/${id}`)).then(loadAlerts);
  fill(
    alerts,
    ...fired.map(({ id, symbol, price: at, reached }) =>
      h(
        "li",
        { class: "fired", data: { id } },
        h("span", { class: "pill ok" }, "fired"),
        ` ${symbol} reached ${money(reached)}, set at ${money(at)}`,
      ),
    ),
    ...waiting.map(({ id, symbol, direction, price: at }) => {
      const end = h("button", { type: "button", class: "small" }, "Cancel");
      end.setAttribute("aria-label", `Cancel the alert for ${symbol} at ${money(at)}`);
      end.onclick = () => {
        cancel(id);
      };
      return h(
        "li",
        { data: { id } },
        h("span", { class: "pill" }, "waits"),
        ` ${symbol} ${direction} ${money(at)} `,
        end,
      );
    }),
  );
});

hub.subscribe(hasDepth ? "market:ticks" : "market:delayed", {
  on: {
    "market.tick": ({ payload }) => {
      ticks.set(payload.symbol, payload);
      ages.add(Date.now() - payload.at);
      drawPrices();
      if (!hasDepth && payload.symbol === chosen) {
        candles.add(payload.price, payload.at);
        drawTrades();
      }
    },
  },
});
hub.subscribe(`market:alerts:${user}`, {
  recent: 20,
  on: {
    "alert.triggered": ({ payload }) => {
      fired = [payload, ...fired].slice(0, 20);
      waiting = stillWaiting(waiting);
      drawAlerts();
    },
  },
});

/** Shows another symbol: its book and its trades. */
function choose(symbol: string): void {
  leave?.();
  chosen = symbol;
  candles.clear();
  trades = [];
  const feed = new BookFeed(pane, symbol, drawBook);
  const tape = hub.subscribe(`market:trades:${symbol}`, {
    recent: 300,
    on: {
      "market.trade": ({ payload, occurredAt }) => {
        trades = [...trades.slice(-299), payload];
        candles.add(payload.price, Date.parse(occurredAt));
        drawTrades();
      },
    },
  });
  tape.ready.catch(() => undefined);
  book = feed;
  leave = () => {
    feed.leave();
    tape.unsubscribe();
  };
  drawPrices();
  drawTrades();
  drawBook();
}

/** Without those of which the hub has told meanwhile that they fired. */
function stillWaiting(all: readonly Alert[]): readonly Alert[] {
  return all.filter(({ id }) => !fired.some((each) => each.id === id));
}

async function loadAlerts(): Promise<void> {
  const loaded = await attempt(pane.get<{ readonly alerts: readonly Alert[] }>("/alerts"));
  waiting = stillWaiting(loaded?.alerts ?? waiting);
  drawAlerts();
}

/** Sets an alert: now, or when the network is there; with one id, however often it is sent. */
async function setAlert(symbol: string, cents: number): Promise<string> {
  const path = `/alerts/${crypto.randomUUID()}`;
  const made = await attempt(pane.send<Alert>("PUT", path, { symbol, price: cents }));
  await loadAlerts();
  return made
    ? `${symbol} ${made.direction} ${money(cents)}: the alert is set.`
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

handle.actions.set("drop", () => {
  handle.lab.dropNext("market.book.delta");
  return Promise.resolve(`${pane.name} loses the next delta of the book.`);
});
handle.actions.set("alert", () => setAlert(chosen, ticks.get(chosen)?.price ?? 10_000));

choose(chosen);
await loadAlerts();
