import type { Connection, ConnectionListener } from "../connection/contract.js";
import type { NoticeMessage, Position } from "../protocol/frames.js";
import { retryAfter, type HubError } from "../protocol/hub-error.js";
import { isIn } from "../protocol/position.js";

/** Who listens to an address; an address has many, and one registration on the wire. */
export interface Member {
  /** First the latest this many events. */
  readonly recent?: number | undefined;
  /** Wants the roster, and its changes as notices. */
  readonly presence?: boolean;
  /** The last thing it received; absent for one that never needs anything again. */
  at?(): Position | undefined;
  event?(body: unknown, position: Position | undefined): void;
  /** The registration is live: everything after `position` comes; `latest` is the address's delivery. */
  live?(position: Position | undefined, latest?: boolean): void;
  /** What came after its last position cannot be told any more; it goes on from `details.position`. */
  lost?(error: HubError): void;
  /** Refused or revoked; tried again on the next connection, and with the next token. */
  refused?(error: HubError): void;
  notice?(event: string, message: NoticeMessage): void;
  /** The connection is gone. */
  away?(): void;
}

interface Entry {
  readonly members: Set<Member>;
  /** A register is in force on this connection. */
  sent?: boolean | undefined;
  live?: boolean | undefined;
  /** Its delivery is `latest`: whoever comes wants the values that are current. */
  latest?: boolean;
  /** These have to wait until it is live: what comes before was asked for by others. */
  waiting?: Set<Member> | undefined;
  /** What comes is of an earlier registration, until the barrier behind that has passed. */
  quiet?: object | undefined;
  last?: Position | undefined;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

/** Every address that somebody listens to; the part of the connection's listener that concerns them. */
export interface Addresses extends ConnectionListener {
  /** Adds a member, and returns what takes it out again. */
  join(address: string, member: Member): () => void;
  /** Registers anew, from where the members are now. */
  rejoin(address: string): void;
}

/**
 * How long an address stays registered after its last member has left: components that are mounted again find it as it
 * was.
 */
const lingerMillis = 1_000;

/** Calls every member that there is now; some may leave by it. */
function each(entry: Entry, act: (member: Member) => void): void {
  [...entry.members].forEach(act);
}

/** Keeps one registration for each address, whatever comes and goes. */
export function createAddresses({ send, isOnline, barrier, start }: Connection): Addresses {
  const entries = new Map<string, Entry>();
  const dirty = new Set<string>();

  const register = (address: string): void => {
    const entry = entries.get(address);
    dirty.delete(address);
    if (!entry?.members.size || !isOnline()) {
      return;
    }
    if (entry.sent) {
      // Events of the registration before may be on their way: taken for those of this one they would hide a hole.
      const mine = (entry.quiet = {});
      send({ type: "unregister", address });
      barrier(() => {
        if (entry.quiet === mine) {
          entry.quiet = undefined;
        }
      });
    }
    let oldest: Position | undefined;
    let recent = 0;
    let newcomers = false;
    let presence = false;
    for (const member of entry.members) {
      const place = member.at?.();
      presence ||= !!member.presence;
      if (place) {
        oldest = isIn(oldest, place) ? oldest : place;
      } else if (member.at) {
        newcomers = true;
        recent = Math.max(recent, member.recent ?? 0);
      }
    }
    // A newcomer gets what the hub has for newcomers. Whoever this does not serve waits until it is known what it missed.
    const bare = newcomers || !oldest;
    entry.waiting = new Set(
      [...entry.members].filter((member) => {
        const place = member.at?.();
        return place && (bare || !isIn(oldest, place));
      }),
    );
    entry.sent = true;
    entry.live = false;
    send({
      type: "register",
      address,
      headers: {
        notices: "true",
        presence: presence ? "true" : undefined,
        recent: bare && recent ? String(recent) : undefined,
        position: bare ? undefined : oldest,
      },
    });
  };

  const rejoin = (address: string): void => {
    if (!dirty.has(address)) {
      dirty.add(address);
      queueMicrotask(() => {
        register(address);
      });
    }
  };

  const wentLive = (address: string, entry: Entry, message: NoticeMessage): void => {
    const { waiting } = entry;
    const { position } = message;
    entry.waiting = undefined;
    entry.live = true;
    entry.latest = message["delivery"] === "latest";
    entry.last = position;
    let missed = false;
    for (const member of [...entry.members]) {
      const place = member.at?.();
      if (waiting?.has(member) && (place ? place !== position : (member.recent ?? entry.latest))) {
        // The last in line is served in any case, if by a POSITION_LOST.
        entry.members.delete(member);
        entry.members.add(member);
        missed = true;
      } else {
        member.live?.(position, entry.latest);
      }
    }
    if (missed) {
      // Now: what follows in the same message would hide what is missing.
      register(address);
    }
  };

  const refused = (address: string, entry: Entry, error: HubError): void => {
    const wait = retryAfter(error);
    if (wait) {
      entry.quiet = {};
      entry.timer = setTimeout(register, wait, address);
      return;
    }
    entry.sent = entry.live = false;
    each(entry, (member) => member.refused?.(error));
  };

  return {
    ready() {
      for (const [address, entry] of entries) {
        if (!entry.sent) {
          register(address);
        }
      }
    },
    offline() {
      for (const [address, entry] of entries) {
        clearTimeout(entry.timer);
        entry.sent = entry.live = entry.quiet = undefined;
        if (!entry.members.size) {
          entries.delete(address);
        }
        each(entry, (member) => member.away?.());
      }
    },
    frame(frame, error) {
      const address = (frame.type ? frame.address : frame.message.address) ?? "";
      const entry = entries.get(address);
      if (!entry) {
        return;
      }
      const lost = error?.code === "POSITION_LOST";
      if (error && !lost) {
        refused(address, entry, error);
      } else if (entry.quiet) {
        // Of an earlier registration.
      } else if (!frame.type && frame.event === "hub.subscribed") {
        wentLive(address, entry, frame.message);
      } else {
        const position = frame.type === "rec" ? frame.headers?.position : error?.details.position;
        entry.last = position ?? entry.last;
        each(entry, (member) => {
          if (!frame.type) {
            member.notice?.(frame.event, frame.message);
          } else if (entry.waiting?.has(member)) {
            // It is served by the next registration.
          } else if (frame.type === "rec") {
            member.event?.(frame.body, position);
          } else if (error && member.at?.()) {
            member.lost?.(error);
          }
        });
      }
    },
    join(address, member) {
      const entry: Entry = entries.get(address) ?? { members: new Set() };
      const place = member.at?.();
      entries.set(address, entry);
      entry.members.add(member);
      clearTimeout(entry.timer);
      start();
      const more =
        !entry.sent ||
        !!entry.quiet ||
        !!member.presence ||
        (place ? place !== entry.last : member.at && (member.recent ?? entry.latest));
      if (more) {
        rejoin(address);
      }
      if (more || !entry.live) {
        // What comes until then was asked for by others.
        (entry.waiting ??= new Set()).add(member);
      } else {
        queueMicrotask(() => {
          if (entry.live && entry.members.has(member)) {
            member.live?.(entry.last, entry.latest);
          }
        });
      }
      return () => {
        entry.members.delete(member);
        if (!entry.members.size) {
          clearTimeout(entry.timer);
          entry.timer = setTimeout(() => {
            if (entries.delete(address) && entry.sent) {
              send({ type: "unregister", address });
            }
          }, lingerMillis);
        }
      };
    },
    rejoin,
  };
}
