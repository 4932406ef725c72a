/** A price level: the price in cents, and how many. */
export type Level = readonly [price: number, size: number];

/** What changed between two versions of a book; a size of 0 takes a level away. */
export interface BookDelta {
  readonly from: number;
  readonly to: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A whole book, best levels first. */
export interface BookSnapshot {
  readonly version: number;
  readonly checksum: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What became of a delta: taken in, known already, or one before it is missing. */
export type Applied = "applied" | "old" | "gap";

/** How many levels of each side the checksum is over. */
const checkedLevels = 10;

/** A copy of a market's order book, kept by its deltas. */
export class OrderBook {
  private bids = new Map<number, number>();
  private asks = new Map<number, number>();
  /** The version of the last delta that was taken in; undefined before the first snapshot. */
  version: number | undefined;

  /** Begins anew with a whole book. */
  load(snapshot: BookSnapshot): void {
    this.bids = new Map(snapshot.bids);
    this.asks = new Map(snapshot.asks);
    this.version = snapshot.version;
  }

  /** Takes in what changed, if it follows what is known. */
  apply(delta: BookDelta): Applied {
    if (this.version !== undefined && delta.to <= this.version) {
      return "old";
    }
    if (delta.from !== this.version) {
      return "gap";
    }
    change(this.bids, delta.bids);
    change(this.asks, delta.asks);
    this.version = delta.to;
    return "applied";
  }

  /** Returns the best levels of a side, best first. */
  top(side: "bids" | "asks", count: number): Level[] {
    const better = side === "bids" ? -1 : 1;
    return [...this[side]].sort(([a], [b]) => (a - b) * better).slice(0, count);
  }

  /** Computes the checksum over the best ten levels, in the way of the market. */
  checksum(): number {
    const bids = this.top("bids", checkedLevels);
    const asks = this.top("asks", checkedLevels);
    const levels: string[] = [];
    for (let level = 0; level < checkedLevels; level++) {
      for (const side of [bids[level], asks[level]]) {
        if (side) {
          levels.push(side.join(":"));
        }
      }
    }
    return crc32(levels.join("|"));
  }
}

function change(levels: Map<number, number>, changes: readonly Level[]): void {
  for (const [price, size] of changes) {
    if (size === 0) {
      levels.delete(price);
    } else {
      levels.set(price, size);
    }
  }
}

/** Computes the CRC-32 (IEEE 802.3) of an ASCII text, bit by bit: the texts are short. */
export function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}
