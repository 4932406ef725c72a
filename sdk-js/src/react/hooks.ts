import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type FunctionComponent,
  type ReactNode,
  type RefObject,
} from "react";
import type { EventMap } from "../client/events.js";
import type { Hub } from "../client/hub.js";
import type { Handlers, SubscriptionState } from "../client/subscription.js";
import type { ConnectionInfo } from "../connection/contract.js";
import type { Model } from "../features/model.js";
import { presence, type Presence, type Roster } from "../features/presence.js";
import { signal, type Signal, type Signalled, type SignalOptions } from "../features/signal.js";
import type { Readable } from "../lib/readable.js";

const HubContext = createContext<Hub | undefined>(undefined);

/** Gives the components below it a hub; make that once, outside of rendering. */
export const HubProvider: FunctionComponent<{
  /** A hub of any events. */
  readonly hub: Pick<Hub, "connection" | "wire" | "connect" | "close">;
  readonly children?: ReactNode;
}> = ({ hub, children }) => createElement(HubContext.Provider, { value: hub as Hub }, children);

/** Returns the hub of the nearest provider. */
export function useHub<Events = EventMap>(): Hub<Events> {
  const hub = useContext(HubContext);
  if (!hub) {
    throw new Error("useHub: no HubProvider above");
  }
  return hub as unknown as Hub<Events>;
}

/**
 * Reads a readable, and renders again when what `select` takes of it changes.
 *
 * Return what is in the value, not a new object each time.
 */
export function useReadable<T, Selected = T>(
  readable: Readable<T>,
  select: (value: T) => Selected = (value) => value as unknown as Selected,
): Selected {
  const get = (): Selected => select(readable.get());
  return useSyncExternalStore(readable.subscribe, get, get);
}

/** Reads the connection. */
export function useConnection<Selected = ConnectionInfo>(
  select?: (info: ConnectionInfo) => Selected,
): Selected {
  return useReadable(useHub().connection, select);
}

/** Keeps what the last rendering brought, for what is called later. */
function useNewest<T>(value: T): RefObject<T> {
  const newest = useRef(value);
  useEffect(() => {
    newest.current = value;
  });
  return newest;
}

/** Has something for an address, if there is one, while the component is there; returns what it says, and itself. */
function useFeature<T, Feature extends Readable<T> & { leave(): void }>(
  address: string | null,
  make: (hub: Hub, address: string) => Feature,
  empty: T,
  key?: string,
): readonly [T, RefObject<Feature | undefined>] {
  const hub = useHub();
  const kept = useRef<Feature>(undefined);
  const newest = useNewest(make);
  const [value, setValue] = useState(empty);
  useEffect(() => {
    if (address === null) {
      return undefined;
    }
    const made = (kept.current = newest.current(hub, address));
    setValue(made.get());
    made.subscribe(setValue);
    return () => {
      made.leave();
      kept.current = undefined;
      setValue(empty);
    };
    // `empty` is the same for all time.
  }, [hub, address, key, newest, empty]);
  return [value, kept];
}

/**
 * Subscribes while the component is there, and returns the subscription's state.
 *
 * Handlers may be new functions at every rendering: the newest are called. `position`, `recent` and `initial` count when
 * it subscribes. Without an address it does nothing.
 */
export function useSubscription<Events = EventMap>(
  address: string | null,
  handlers: Handlers<Events>,
): SubscriptionState {
  const newest = useNewest(handlers as Handlers<EventMap>);
  const [state] = useFeature<SubscriptionState, Readable<SubscriptionState> & { leave(): void }>(
    address,
    (hub, place) => {
      const { state, unsubscribe } = hub.subscribe(
        place,
        new Proxy(newest.current, {
          get: (_, name) => newest.current[name as keyof Handlers<EventMap>],
        }),
      );
      return { ...state, leave: unsubscribe };
    },
    "joining",
  );
  return state;
}

const nobody: Roster<never> = { members: new Map(), users: 0, devices: 0, partial: false };

/** Is at an address while the component is there, with a state, and returns who else is. */
export function usePresence<State = unknown>(address: string | null, state?: State): Roster<State> {
  // By value: an object that is written in place is a new one at every rendering.
  const text = JSON.stringify(state);
  const [roster, kept] = useFeature<Roster<State>, Presence<State>>(
    address,
    (hub, place) => presence<State>(hub, place, state),
    nobody,
  );
  useEffect(() => {
    if (text) {
      kept.current?.update(JSON.parse(text) as State);
    }
  }, [text, kept]);
  return roster;
}

const noValues: ReadonlyMap<string, never> = new Map<string, never>();

/** Shares a value while the component is there; returns those of the others, and how to send and stop one's own. */
export function useSignal<Value>(
  address: string | null,
  type: string,
  options?: SignalOptions,
): readonly [
  values: ReadonlyMap<string, Signalled<Value>>,
  send: (value: Value) => void,
  stop: () => void,
] {
  const [values, kept] = useFeature<ReadonlyMap<string, Signalled<Value>>, Signal<Value>>(
    address,
    (hub, place) => signal<Value>(hub, place, type, options),
    noValues,
    type,
  );
  const [{ send, stop }] = useState(() => ({
    send: (value: Value) => kept.current?.send(value),
    stop: () => kept.current?.stop(),
  }));
  return [values, send, stop];
}

/** Reads a model. */
export const useModel: <State, Selected = State | undefined>(
  model: Model<State, never> | Pick<Model<State, EventMap>, "get" | "subscribe">,
  select?: (state: State | undefined) => Selected,
) => Selected = useReadable;
