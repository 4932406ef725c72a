import type { AnyEvent, EventMap, TypeOf } from "../client/events.js";
import type { Hub } from "../client/hub.js";
import { deferred } from "../lib/deferred.js";
import { store, type Readable } from "../lib/readable.js";
import { safely } from "../lib/safely.js";
import type { Position } from "../protocol/frames.js";
import type { HubError } from "../protocol/hub-error.js";
import { isIn } from "../protocol/position.js";

/** What an application loads. */
export interface Snapshot<State> {
  readonly state: State;
  /** Up to where it has everything; without, nothing of what came meanwhile is dropped but by version. */
  readonly position?: Position | undefined;
  /** The versions of the resources in it. */
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

/** How a change stands. */
export type MutationStatus = "pending" | "confirmed" | "failed";

/** A change that is shown before it is safe. */
export interface Mutation {
  readonly id: string;
  readonly status: Readable<MutationStatus>;
  /** Ends when it is confirmed, fails when it is not. */
  readonly done: Promise<void>;
  /** Stops showing it, if it is still pending; what was sent is not taken back. */
  cancel(): void;
}

/** How a change may differ. */
export interface MutateOptions {
  /** What it is about; changes of one resource are sent one after the other. */
  readonly resourceId?: string | undefined;
  /** How it gets to the hub; published if not given. `version` is what the resource's version becomes. */
  readonly send?: ((id: string, version: number | undefined) => Promise<unknown>) | undefined;
}

/** What an application brings. */
export interface ModelOptions<State, Events> {
  /** Loads a snapshot; `why` is `initial`, `version` or the reason of a gap. */
  readonly load: (why: string) => Promise<Snapshot<State>> | Snapshot<State>;
  /** Applies an event, the hub's or one of this client that is pending; must not change the state that it is given. */
  readonly apply: (state: State, event: AnyEvent<Events>) => State;
  /** Told of a change that was refused because somebody else was faster. */
  readonly onConflict?: ((error: HubError, mutation: Mutation) => void) | undefined;
  /** `false` where versions may jump: they still have to rise, but a jump is no gap. */
  readonly versionGaps?: boolean | undefined;
}

/** A state that follows the events of an address, with this client's changes shown at once. */
export interface Model<State, Events> extends Readable<State | undefined> {
  /** Changes the state now, and for good once the hub confirms it. */
  mutate<Type extends TypeOf<Events>>(
    type: Type,
    payload: Events[Type],
    options?: MutateOptions,
  ): Mutation;
  /** Ends it. */
  leave(): void;
}

interface Pending<Events> {
  readonly event: AnyEvent<Events>;
  readonly settle: (error?: HubError) => void;
  /** The hub has it, maybe at a place that is not known. */
  safe?: boolean;
  position?: Position | undefined;
}

/**
 * Keeps a state by its events.
 *
 * What is shown is the confirmed state with the pending changes applied on top, in order: when an event of somebody
 * else comes in between they are applied anew, and one that fails is just gone.
 */
export function model<State, Events = EventMap>(
  hub: Hub<Events>,
  address: string,
  { load, apply, onConflict, versionGaps = true }: ModelOptions<State, Events>,
): Model<State, Events> {
  const shown = store<State | undefined>(undefined);
  const last = new Map<string, Promise<unknown>>();
  let confirmed: State | undefined;
  let loaded = false;
  let versions = new Map<string, number>();
  let pending: Pending<Events>[] = [];

  const show = (): void => {
    if (loaded) {
      shown.set(pending.reduce((state, { event }) => apply(state, event), confirmed as State));
    }
  };

  const without = (gone: (each: Pending<Events>) => boolean): void => {
    pending = pending.filter((each) => !gone(each));
    show();
  };

  const subscription = hub.subscribe(address, {
    initial: true,
    onEvent(event, position) {
      const { id, resourceId = "", resourceVersion = NaN } = event;
      const known = versions.get(resourceId) ?? NaN;
      const mine = pending.find((each) => each.event.id === id);
      mine?.settle();
      // Without a version it is neither old nor too new.
      if (!(resourceVersion <= known)) {
        if (resourceVersion >= 0) {
          versions.set(resourceId, resourceVersion);
        }
        if (versionGaps && resourceVersion > known + 1) {
          subscription.reload("version");
        }
        confirmed = apply(confirmed as State, event);
      }
      without((each) => each === mine || isIn(each.position, position));
    },
    async onGap({ reason }) {
      const safe = pending.filter((each) => each.safe);
      const snapshot = await load(reason);
      confirmed = snapshot.state;
      loaded = true;
      versions = new Map(Object.entries(snapshot.versions ?? {}));
      // What was safe before it was loaded is in it, if it does not say how far it goes.
      without((each) =>
        snapshot.position ? isIn(each.position, snapshot.position) : safe.includes(each),
      );
      return snapshot.position;
    },
  });

  let count = 0;
  const mutate: Model<State, Events>["mutate"] = (type, payload, options = {}) => {
    const { resourceId } = options;
    const id = `${hub.wire.id}.${++count}`;
    const line = resourceId ?? id;
    const ahead = pending.filter((each) => each.event.resourceId === resourceId).length;
    const known = versions.get(resourceId ?? "") ?? NaN;
    const resourceVersion = known + ahead + 1 || undefined;
    const status = store<MutationStatus>("pending");
    const event = {
      id,
      type,
      version: 1,
      occurredAt: new Date().toISOString(),
      actorId: hub.connection.get().user,
      resourceId,
      resourceVersion,
      payload,
    } as unknown as AnyEvent<Events>;
    const { promise: done, settle: end } = deferred();
    // Whoever does not look at `done` sees it in the state.
    done.catch(() => undefined);
    const settle = (error?: HubError): void => {
      if (status.get() === "pending") {
        status.set(error ? "failed" : "confirmed");
        end(error);
      }
    };
    const entry: Pending<Events> = { event, settle };
    const mutation: Mutation = {
      id,
      status,
      done,
      cancel() {
        without((each) => each === entry);
      },
    };
    pending.push(entry);
    show();

    const send = async (): Promise<void> => {
      try {
        // A change that stands on one that failed fails with it.
        await last.get(line);
        const answer = options.send
          ? await options.send(id, resourceVersion)
          : await hub.publish(address, type, payload, { id, resourceId, resourceVersion });
        entry.position = (answer as { position?: Position } | undefined)?.position;
        entry.safe = true;
        settle();
        without((each) => each === entry && isIn(entry.position, subscription.position));
      } catch (thrown) {
        const error = thrown as HubError;
        settle(error);
        without((each) => each === entry);
        if (error.code === "STALE_VERSION") {
          safely(onConflict, error, mutation);
        }
        throw error;
      } finally {
        if (last.get(line) === sent) {
          last.delete(line);
        }
      }
    };
    const sent = send();
    last.set(line, sent);
    sent.catch(() => undefined);
    return mutation;
  };

  return {
    ...shown,
    mutate,
    leave: subscription.unsubscribe,
  };
}
