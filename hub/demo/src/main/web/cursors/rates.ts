/** Adds up amounts over the last second or so. */
export class Rate {
  private entries: { readonly at: number; readonly amount: number }[] = [];

  constructor(private readonly windowMillis = 1_000) {}

  add(now: number, amount = 1): void {
    this.entries.push({ at: now, amount });
    this.trim(now);
  }

  /** Returns how much it was in a second, over the window that ends now. */
  perSecond(now: number): number {
    this.trim(now);
    const sum = this.entries.reduce((total, { amount }) => total + amount, 0);
    return (sum * 1_000) / this.windowMillis;
  }

  private trim(now: number): void {
    const from = now - this.windowMillis;
    const kept = this.entries.findIndex(({ at }) => at > from);
    this.entries.splice(0, kept < 0 ? this.entries.length : kept);
  }
}

/** Keeps the newest values, and tells below which value most of them are. */
export class Distribution {
  private readonly values: number[] = [];

  constructor(private readonly most = 500) {}

  add(value: number): void {
    this.values.push(value);
    if (this.values.length > this.most) {
      this.values.shift();
    }
  }

  /** Returns the value that a share of all values does not exceed; undefined for none. */
  percentile(share: number): number | undefined {
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  }

  clear(): void {
    this.values.length = 0;
  }
}
