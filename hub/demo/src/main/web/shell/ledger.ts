import type { Position } from "@hubbub/client";

/** What one pane got of one address, counted. */
export interface LedgerView {
  readonly address: string;
  /** The last position that was applied. */
  readonly position: string | undefined;
  readonly received: number;
  /** What came of an address that tells newest values only: places are skipped on purpose there. */
  readonly values: number;
  /** Places between the first and the last position of which nothing came, and no snapshot stood for. */
  readonly lost: number;
  /** Events whose position or id had come before. */
  readonly doubled: number;
  /** How often the hub said that it could not tell what was missed, and a snapshot was fetched. */
  readonly gaps: number;
  /** How many events the server has after our first position. */
  readonly published: number;
  /** How many of them have not come yet. */
  readonly behind: number;
  /** Versions of resources between two that came. */
  readonly versionHoles: number;
  /** When something came last, in the page's own milliseconds. */
  readonly at: number;
  /** Whether something came of which the server has not said yet if every one counts. */
  readonly isOpen: boolean;
}

/** As much of an event as is counted. */
interface Counted {
  readonly id?: string;
  readonly resourceId?: string | undefined;
  readonly resourceVersion?: number | undefined;
}

const mostIds = 20_000;

/**
 * Counts what an application was given of one address.
 *
 * A position ends in a number that grows by one with every event of the address. Applications have no business to look
 * into positions; this is the one place that does, because it checks the hub instead of believing it.
 */
export class Ledger {
  /** Whether the address is being heard now; who may not hear it may not count it. */
  isLive = false;
  private at = 0;
  private readonly ids = new Set<string>();
  private readonly missing = new Set<number>();
  private first: number | undefined;
  private last: number | undefined;
  private position: Position | undefined;
  private received = 0;
  private readonly versions = new Map<string, number>();
  private versionHoles = 0;
  private doubled = 0;
  private gaps = 0;
  private onServer: number | undefined;
  /** Whether the server has said if places are skipped on purpose here. */
  private isKnown = false;

  /** @param counted whether every event counts; with `latest` and `signal` delivery places are skipped on purpose */
  constructor(
    readonly address: string,
    private counted = true,
  ) {}

  /** From here on everything has to come. */
  begin(position: Position | undefined): void {
    if (position !== undefined && this.first === undefined) {
      this.position = position;
      this.first = this.last = offset(position);
    }
  }

  event({ id, resourceId, resourceVersion }: Counted, position: Position | undefined): void {
    this.received++;
    this.at = performance.now();
    if (id !== undefined && this.seen(id)) {
      this.doubled++;
    } else if (position !== undefined) {
      this.place(offset(position));
    }
    if (resourceId !== undefined && resourceVersion !== undefined) {
      const before = this.versions.get(resourceId) ?? resourceVersion - 1;
      this.versionHoles += Math.max(0, resourceVersion - before - 1);
      this.versions.set(resourceId, resourceVersion);
    }
    this.position = position ?? this.position;
  }

  /** A snapshot stands for everything up to its position. */
  snapshot(position: Position | undefined): void {
    this.gaps++;
    this.missing.clear();
    this.versions.clear();
    if (position !== undefined) {
      this.position = position;
      this.first = this.last = offset(position);
    }
  }

  /** The server's own count. */
  server(last: string | undefined, delivery: string): void {
    this.counted = delivery === "log";
    this.isKnown = true;
    this.onServer = last === undefined ? undefined : offset(last);
  }

  view(): LedgerView {
    const { address, position, received, doubled, gaps, at } = this;
    const from = this.first ?? 0;
    const to = Math.max(this.onServer ?? from, this.last ?? from);
    return {
      address,
      position,
      received: this.counted ? received : 0,
      values: this.counted ? 0 : received,
      doubled,
      gaps,
      at,
      isOpen: !this.isKnown && received > 0,
      versionHoles: this.counted ? this.versionHoles : 0,
      lost: this.counted && this.isKnown ? this.missing.size : 0,
      published: this.counted ? to - from : 0,
      behind: this.counted && this.last !== undefined ? to - this.last : 0,
    };
  }

  private place(at: number): void {
    if (this.last === undefined) {
      this.first = at - 1;
    } else if (at <= this.last) {
      if (!this.missing.delete(at)) {
        this.doubled++;
      }
      return;
    } else {
      for (let hole = this.last + 1; hole < at; hole++) {
        this.missing.add(hole);
      }
    }
    this.last = at;
  }

  private seen(id: string): boolean {
    const known = this.ids.has(id);
    this.ids.add(id);
    if (this.ids.size > mostIds) {
      for (const oldest of this.ids) {
        this.ids.delete(oldest);
        break;
      }
    }
    return known;
  }
}

function offset(position: string): number {
  return Number(position.slice(position.lastIndexOf(":") + 1));
}
