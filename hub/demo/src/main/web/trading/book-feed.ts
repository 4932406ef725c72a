import type { Position, Subscription } from "@hubbub/client";
import type { Pane } from "../shell/pane.ts";
import type { BookSnapshot, MarketEvents } from "./contract.ts";
import { OrderBook } from "./order-book.ts";

/** Follows one order book: a snapshot, then every delta, and the market's checksum against the own one each second. */
export class BookFeed {
  readonly book = new OrderBook();
  /** How many checksums were compared, and how many were the same. */
  compared = 0;
  right = 0;
  /** What the last comparison said; undefined before the first. */
  isRight: boolean | undefined;
  checksum = 0;
  snapshots = 0;
  denied: string | undefined;
  private readonly subscription: Subscription;

  constructor(pane: Pane<MarketEvents>, symbol: string, changed: () => void) {
    this.subscription = pane.hub.subscribe(`market:book:${symbol}`, {
      initial: true,
      onGap: async () => {
        const snapshot = await pane.get<BookSnapshot & { position?: Position }>(`/books/${symbol}`);
        this.book.load(snapshot);
        this.snapshots++;
        changed();
        return snapshot.position;
      },
      on: {
        "market.book.delta": ({ payload }) => {
          if (this.book.apply(payload) === "gap") {
            this.subscription.reload("book");
          }
          changed();
        },
        "market.book.checksum": ({ payload }) => {
          if (payload.version === this.book.version) {
            this.checksum = payload.checksum;
            this.isRight = payload.checksum === this.book.checksum();
            this.compared++;
            this.right += this.isRight ? 1 : 0;
          }
        },
      },
      onState: (state, error) => {
        this.denied = state === "denied" ? (error?.message ?? "denied") : undefined;
        changed();
        if (state === "denied") {
          void this.explain(pane, `market:book:${symbol}`).then(changed);
        }
      },
    });
    this.subscription.ready.catch(() => undefined);
  }

  /** Adds to a refusal which rule says no, and what it asks for. */
  private async explain(pane: Pane<MarketEvents>, address: string): Promise<void> {
    const { allowed, rule = "", expression = "" } = await pane.explain(address);
    if (!allowed) {
      this.denied = `the rule ${rule} asks for ${expression}`;
    }
  }

  leave(): void {
    this.subscription.unsubscribe();
  }
}
