import {
  createContext,
  createElement,
  useCallback,
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
import { store, type Readable } from "../lib/readable.js";

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
    throw new Error("useHub: there is no HubProvider above this component");
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
  const hub = useHub<Events>();
  const newest = useRef(handlers);
  const [state] = useState(() => store<SubscriptionState>("joining"));
  useEffect(() => {
    newest.current = handlers;
  });
  useEffect(() => {
    if (address === null) {
      return undefined;
    }
    const { position, recent, initial, onGap } = newest.current;
    const subscription = hub.subscribe(address, {
      position,
      recent,
      initial,
      onEvent: (event, place) => {
        const { onEvent, on } = newest.current;
        onEvent?.(event, place);
        (on as Record<string, typeof onEvent> | undefined)?.[event.type]?.(event, place);
      },
      ...(onGap && { onGap: (gap) => newest.current.onGap?.(gap) }),
      onState: (next, error) => {
        state.set(next);
        newest.current.onState?.(next, error);
      },
    });
    state.set(subscription.state.get());
    return subscription.unsubscribe;
  }, [hub, address, state]);
  return useReadable(state);
}

/** Has something for an address while the component is there; returns what it says, and itself. */
function useFeature<T, Feature extends Readable<T> & { leave(): void }>(
  make: () => Feature | undefined,
  empty: T,
  key: string,
): readonly [T, RefObject<Feature | undefined>] {
  const kept = useRef<Feature>(undefined);
  const newest = useRef(make);
  const [value] = useState(() => store(empty));
  useEffect(() => {
    newest.current = make;
  });
  useEffect(() => {
    const made = newest.current();
    kept.current = made;
    value.set(made ? made.get() : empty);
    const off = made?.subscribe(value.set);
    return () => {
      off?.();
      made?.leave();
      kept.current = undefined;
    };
    // `empty` is the same for all time.
  }, [key, value, empty]);
  return [useReadable(value), kept];
}

const nobody: Roster<never> = { members: new Map(), users: 0, devices: 0, partial: false };

/** Is at an address while the component is there, with a state, and returns who else is. */
export function usePresence<State = unknown>(address: string | null, state?: State): Roster<State> {
  const hub = useHub();
  // By value: an object that is written in place is a new one at every rendering.
  const text = JSON.stringify(state);
  const told = useRef(text);
  const [roster, kept] = useFeature<Roster<State>, Presence<State>>(
    () => (address === null ? undefined : presence<State>(hub, address, state)),
    nobody,
    String(address),
  );
  useEffect(() => {
    if (text !== told.current) {
      told.current = text;
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
  const hub = useHub();
  const [values, kept] = useFeature<ReadonlyMap<string, Signalled<Value>>, Signal<Value>>(
    () => (address === null ? undefined : signal<Value>(hub, address, type, options)),
    noValues,
    `${String(address)} ${type}`,
  );
  const send = useCallback((value: Value) => kept.current?.send(value), [kept]);
  const stop = useCallback(() => kept.current?.stop(), [kept]);
  return [values, send, stop];
}

/** Reads a model. */
export function useModel<State, Selected = State | undefined>(
  model: Model<State, never> | Pick<Model<State, EventMap>, "get" | "subscribe">,
  select?: (state: State | undefined) => Selected,
): Selected {
  return useReadable(model as Readable<State | undefined>, select);
}
