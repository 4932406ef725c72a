import type { Position } from "../../src/index.js";

/** An event in a fake log. */
export interface LoggedEvent {
  readonly body: unknown;
  readonly position: Position | undefined;
}

/** The log of one address: appends once per id, and tells what came after a position or that it cannot. */
export class FakeLog {
  /** Its delivery is `latest`: newcomers get the values that are current. */
  latest = false;
  private epoch = 1;
  private term = 1;
  private offset = 0;
  private first = 1;
  private events: LoggedEvent[] = [];
  private readonly ids = new Map<string, LoggedEvent>();

  get head(): Position {
    return this.at(this.offset);
  }

  append(body: unknown, id?: string): LoggedEvent & { readonly fresh: boolean } {
    const known = this.ids.get(id ?? "");
    if (known) {
      return { ...known, fresh: false };
    }
    const event = { body, position: this.at(++this.offset) };
    this.events.push(event);
    if (id !== undefined) {
      this.ids.set(id, event);
    }
    return { ...event, fresh: true };
  }

  /** Lets go of all but the last `keep` events; their ids are remembered. */
  trim(keep: number): void {
    this.first = Math.max(this.first, this.offset - keep + 1);
    this.events = this.events.slice(-keep || this.events.length);
  }

  /** Begins another history. */
  newEpoch(): void {
    this.epoch++;
    this.offset = 0;
    this.first = 1;
    this.events = [];
    this.ids.clear();
  }

  /** Another owner appends from here on. */
  newTerm(): void {
    this.term++;
  }

  /** Returns what a subscriber gets first. */
  read(
    after: Position | undefined,
    recent: string | undefined,
  ): { events: readonly LoggedEvent[] } | { reason: string; position: Position } {
    if (after === undefined) {
      const count = this.latest ? this.events.length : Number(recent ?? 0);
      return { events: count > 0 ? this.events.slice(-count) : [] };
    }
    const [, epoch, offset] = /^e(\d+)\.\S+:(\d+)$/.exec(after) ?? [];
    if (Number(epoch) !== this.epoch) {
      return { reason: "epoch", position: this.head };
    }
    if (Number(offset) < this.first - 1) {
      return { reason: "retention", position: this.head };
    }
    return { events: this.events.filter((_, i) => this.first + i > Number(offset)) };
  }

  private at(offset: number): Position {
    return `e${String(this.epoch)}.${String(this.term)}-a:${String(offset)}` as Position;
  }
}
