import { model, type Model } from "@hubbub/client";
import { fill, h } from "../shell/dom.ts";
import { Refusal } from "../shell/fetch.ts";
import { loaded, openPane, type Explained } from "../shell/pane.ts";
import {
  regions,
  statuses,
  type Order,
  type OrderEvents,
  type Orders,
  type Region,
} from "./contract.ts";
import { applyOrder, loadOrders } from "./order-state.ts";

const pane = await openPane<OrderEvents>("orders");
const { hub, space, claims, handle } = pane;
const mayWrite = claims["writes"] === true;

/** One region as this person sees it: its orders, or which rule says no. */
interface Section {
  readonly region: Region;
  readonly orders: Model<Orders, OrderEvents>;
  readonly prices: Map<string, number>;
  readonly element: HTMLElement;
  totals: OrderEvents["orders.counted"] | undefined;
  refusal: Explained | undefined;
}

const said = h("p", { class: "banner", role: "status", hidden: true });
pane.root.append(said);
const sections = regions.map(follow);
pane.root.append(...sections.map(({ element }) => element));

/** Follows a region: what this person may hear of it is for the hub to say. */
function follow(region: Region): Section {
  const address = `orders:${space}:${region}`;
  const element = h("section", { class: "region", data: { region } });
  const section: Section = {
    region,
    orders: model<Orders, OrderEvents>(hub, address, {
      load: () => loadOrders(pane, region),
      apply: applyOrder,
      onConflict: () => {
        say("Somebody else was faster: you see what they did.");
      },
    }),
    prices: new Map<string, number>(),
    element,
    totals: undefined,
    refusal: undefined,
  };
  const redraw = (): void => {
    draw(section);
  };
  section.orders.subscribe(redraw);
  hub.subscribe(address, {
    onState(state) {
      if (state === "denied") {
        void why(section, address);
      } else if (state === "live") {
        section.refusal = undefined;
        redraw();
      }
    },
  });
  hub.subscribe(`${address}:prices`, {
    recent: 50,
    on: {
      "order.priced": ({ resourceId = "", payload }) => {
        section.prices.set(resourceId, payload.price);
        redraw();
      },
    },
  });
  hub.subscribe(`orders-totals:${space}:${region}`, {
    on: {
      "orders.counted": ({ payload }) => {
        section.totals = payload;
        redraw();
      },
    },
  });
  redraw();
  return section;
}

/** Asks which rule refused; what was shown before is taken off the screen at once. */
async function why(section: Section, address: string): Promise<void> {
  section.refusal = { allowed: false, reason: "no rule allows it" };
  section.totals = undefined;
  section.prices.clear();
  draw(section);
  section.refusal = await pane.explain(address);
  draw(section);
}

/** Moves an order on: shown at once, and for good when the back end agrees. */
async function advance({ orders }: Section, order: Order): Promise<string> {
  const status = statuses[statuses.indexOf(order.status) + 1] ?? order.status;
  const { done } = orders.mutate(
    "order.status.changed",
    { status },
    {
      resourceId: order.order,
      send: (id, version) => pane.post("/advance", { id, version, order: order.order }),
    },
  );
  return done.then(
    () => `${order.order} is ${status}.`,
    (failure: unknown) => {
      const words = failure instanceof Error ? failure.message : "refused";
      say(words);
      return `${order.order}: ${words}.`;
    },
  );
}

/** Two changes from one version, past the model that would let them wait for each other. */
handle.actions.set("conflict", async () => {
  const orders = sections[0] && (await loaded(sections[0].orders));
  const order = [...(orders?.values() ?? [])].find(
    ({ status }) => status === "new" || status === "picked",
  );
  if (!order) {
    return "Every order is on its way; take a new one first.";
  }
  const move = (): Promise<string> =>
    pane
      .post("/advance", { id: crypto.randomUUID(), version: order.version + 1, order: order.order })
      .then(
        () => "One holds.",
        (failure: unknown) =>
          failure instanceof Refusal && failure.code === "conflict"
            ? "The other was told: somebody else was faster."
            : "Something else went wrong.",
      );
  return (await Promise.all([move(), move()])).sort().join(" ");
});

function draw(section: Section): void {
  const { region, orders, refusal, totals, element } = section;
  const title = h("h3", {}, region === "eu" ? "European Union" : "Middle East and North Africa");
  if (refusal) {
    fill(
      element,
      title,
      h(
        "p",
        { class: "banner bad", role: "status" },
        "Not for you. The rule ",
        h("code", {}, refusal.rule ?? "–"),
        ` says: ${refusal.reason}`,
      ),
    );
    return;
  }
  const hasPrices = section.prices.size > 0;
  const rows = [...(orders.get()?.values() ?? [])].map((order) => row(section, order, hasPrices));
  fill(
    element,
    title,
    h(
      "div",
      { class: "totals", "aria-label": "How many orders have which status", role: "group" },
      ...statuses.map((status) =>
        h("span", {}, h("b", {}, String(totals?.[status] ?? "–")), ` ${status}`),
      ),
    ),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...["Order", "Item", ...(hasPrices ? ["€"] : []), "Status", "v"].map((each) =>
            h("th", { scope: "col" }, each),
          ),
        ),
      ),
      h("tbody", {}, ...rows),
    ),
  );
}

function row(section: Section, order: Order, hasPrices: boolean): HTMLElement {
  const { order: id, item, status, version } = order;
  const kind = status === "delivered" ? "ok" : status === "new" ? "" : "warn";
  const chip = h("button", { type: "button", class: `pill ${kind}` }, status);
  chip.disabled = status === "delivered" || !mayWrite;
  chip.title = chip.disabled ? status : `Move ${id} on`;
  chip.onclick = () => void advance(section, order);
  return h(
    "tr",
    { data: { order: id } },
    h("td", {}, h("bdi", {}, id)),
    h("td", {}, item),
    hasPrices && h("td", { class: "n" }, String(section.prices.get(id) ?? "")),
    h("td", {}, chip),
    h("td", { class: "n dim" }, String(version)),
  );
}

function say(words: string): void {
  said.hidden = false;
  said.textContent = words;
}
