/** What a price did in a span of time. */
export interface Candle {
  /** When the span began, in milliseconds since 1970. */
  readonly from: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Collects prices into candles of equal spans; keeps the newest `most`. */
export class Candles {
  private all: Candle[] = [];

  constructor(
    private readonly spanMillis: number,
    private readonly most: number,
  ) {}

  /** Takes in a price; returns whether it began another candle. */
  add(price: number, at: number): boolean {
    const from = at - (at % this.spanMillis);
    const last = this.all.at(-1);
    if (last && from <= last.from) {
      const { high, low } = last;
      const candle = { high: Math.max(high, price), low: Math.min(low, price), close: price };
      this.all[this.all.length - 1] = { ...last, ...candle };
      return false;
    }
    this.all.push({ from, open: price, high: price, low: price, close: price });
    if (this.all.length > this.most) {
      this.all.shift();
    }
    return true;
  }

  /** Returns the candles, oldest first. */
  list(): readonly Candle[] {
    return this.all;
  }

  clear(): void {
    this.all = [];
  }
}
