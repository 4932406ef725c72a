import type { BookDelta, BookSnapshot } from "./order-book.ts";

/** What a price is, in cents. */
export interface Tick {
  readonly symbol: string;
  readonly price: number;
  readonly opening: number;
  readonly bid: number;
  readonly ask: number;
  readonly volume: number;
  /** When the market made it, by its clock. */
  readonly at: number;
}

export interface Trade {
  readonly symbol: string;
  readonly number: number;
  readonly price: number;
  readonly size: number;
  readonly side: "buy" | "sell";
}

/** A wish to be told once when a price gets somewhere. */
export interface Alert {
  readonly id: string;
  readonly symbol: string;
  readonly direction: "above" | "below";
  readonly price: number;
}

/** What is told about the market. */
export interface MarketEvents {
  readonly "market.tick": Tick;
  readonly "market.trade": Trade;
  readonly "market.book.delta": BookDelta;
  readonly "market.book.checksum": { readonly version: number; readonly checksum: number };
  readonly "alert.triggered": Alert & { readonly reached: number };
}

/** Cents as people write them. */
export function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

export type { BookSnapshot };
