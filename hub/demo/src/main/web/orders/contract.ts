/** What is told about orders. */
export interface OrderEvents {
  "order.created": Order;
  "order.status.changed": { readonly status: Status };
  /** It is not to be seen any more. */
  "order.hidden": object;
  "order.priced": { readonly price: number };
  "orders.counted": Readonly<Record<Status, number>>;
}

export const statuses = ["new", "picked", "shipped", "delivered"] as const;
export type Status = (typeof statuses)[number];

export interface Order {
  readonly order: string;
  readonly item: string;
  readonly status: Status;
  readonly version: number;
  /** Only in snapshots for who may see it; as an event it has an address of its own. */
  readonly price?: number;
}

export type Orders = ReadonlyMap<string, Order>;

export const regions = ["eu", "mena"] as const;
export type Region = (typeof regions)[number];
