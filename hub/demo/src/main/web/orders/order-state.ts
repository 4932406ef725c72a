import type { AnyEvent, Position, Snapshot } from "@hubbub/client";
import type { Pane } from "../shell/pane.ts";
import type { Order, OrderEvents, Orders, Region } from "./contract.ts";

/** Loads the orders of a region, with the position after which events tell more. */
export async function loadOrders(
  pane: Pane<OrderEvents>,
  region: Region,
): Promise<Snapshot<Orders>> {
  const { orders, position } = await pane.get<{
    readonly orders: readonly Order[];
    readonly position?: Position;
  }>(`/${region}`);
  return {
    state: new Map(orders.map((each) => [each.order, each])),
    versions: Object.fromEntries(orders.map(({ order, version }) => [order, version])),
    position,
  };
}

/** Takes in what happened to one of them. */
export function applyOrder(state: Orders, event: AnyEvent<OrderEvents>): Orders {
  const { resourceId = "", resourceVersion = 0 } = event;
  const next = new Map(state);
  switch (event.type) {
    case "order.created":
      return next.set(resourceId, event.payload);
    case "order.status.changed": {
      const before = state.get(resourceId);
      return before
        ? next.set(resourceId, { ...before, ...event.payload, version: resourceVersion })
        : state;
    }
    case "order.hidden":
      next.delete(resourceId);
      return next;
    case "order.priced":
    case "orders.counted":
      return state;
  }
}
