import type { Hub } from "../client/hub.js";
import { store, type Readable } from "../lib/readable.js";

/** One device of a user, that is, one connection. */
export interface Device<State> {
  readonly id: string;
  readonly since: string;
  readonly state?: State | undefined;
}

/** A user who is there, once, however many devices. */
export interface Present<State> {
  readonly user: string;
  /** What the rule shows of the user's token. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly devices: readonly Device<State>[];
  /** The newest state of any device. */
  readonly state?: State | undefined;
}

/** What changed: an update is never a leave and a join. */
export interface PresenceChange<State> {
  readonly type: "join" | "update" | "leave";
  readonly member: Present<State>;
}

/** Who is at an address. */
export interface Roster<State> {
  readonly members: ReadonlyMap<string, Present<State>>;
  /** How many users and devices there are, also when the roster is partial. */
  readonly users: number;
  readonly devices: number;
  /** There are too many to tell them all. */
  readonly partial: boolean;
}

/** Who is at an address, kept up to date; and this client among them. */
export interface Presence<State> extends Readable<Roster<State>> {
  /** Calls for every change of one user, also for those that happened while this client was away. */
  onChange(listener: (change: PresenceChange<State>) => void): () => void;
  /** Says what this device is doing; `expires` has the hub take it back after so many milliseconds. */
  update(state: State, expires?: number): void;
  /** Ends it; this device leaves. */
  leave(): void;
}

interface PresenceMessage<State> {
  readonly seq: number;
  readonly users: number;
  readonly devices: number;
  readonly partial?: boolean;
  readonly roster?: readonly Present<State>[];
  readonly changes?: readonly (Present<State> & { readonly type: PresenceChange<State>["type"] })[];
}

/**
 * Watches who is at an address, and is there.
 *
 * Where a change was missed the whole roster is fetched again; what is told are the differences.
 *
 * @param state what this device is doing; told again after every reconnect
 */
export function presence<State = unknown>(
  hub: Pick<Hub, "wire">,
  address: string,
  state?: State,
): Presence<State> {
  const { join, rejoin, call } = hub.wire;
  const roster = store<Roster<State>>({ members: new Map(), users: 0, devices: 0, partial: false });
  const changed = store<PresenceChange<State> | undefined>(undefined);
  let own: unknown = state;
  let lasts: number | undefined;
  let seq: number | undefined;
  let isLive = false;

  const tell = (): void => {
    if (own !== undefined && isLive) {
      const body = { address, state: own, expires: lasts };
      call("hub.presence", body);
    }
  };

  const take = (message: PresenceMessage<State>): void => {
    const { users, devices, partial = false, roster: all, changes = [] } = message;
    if (!all) {
      if (seq === undefined || message.seq <= seq) {
        // Changes without a roster before them, or for a second time.
        return;
      }
      if (message.seq > seq + 1) {
        seq = undefined;
        rejoin(address);
        return;
      }
    }
    seq = message.seq;
    const before = roster.get().members;
    const members = new Map(all ? all.map((member) => [member.user, member]) : before);
    for (const { type, ...member } of changes) {
      if (type === "leave") {
        members.delete(member.user);
      } else {
        members.set(member.user, member);
      }
    }
    roster.set({ members, users, devices, partial });
    for (const [user, member] of new Map([...before, ...members])) {
      const was = before.get(user);
      const is = members.get(user);
      if (was !== is && JSON.stringify(was) !== JSON.stringify(is)) {
        changed.set({ type: is ? (was ? "update" : "join") : "leave", member });
      }
    }
  };

  const leave = join(address, {
    presence: true,
    live() {
      isLive = true;
      tell();
    },
    away() {
      isLive = false;
      seq = undefined;
    },
    notice(event, message) {
      if (event === "hub.presence") {
        take(message as unknown as PresenceMessage<State>);
      }
    },
  });

  return {
    ...roster,
    onChange: changed.subscribe as Presence<State>["onChange"],
    update(next, expires) {
      own = next;
      lasts = expires;
      tell();
    },
    leave,
  };
}
