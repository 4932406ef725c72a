import { safely } from "./safely.js";

/** A value that can be read and watched; fits `useSyncExternalStore`, Svelte's stores and plain code. */
export interface Readable<T> {
  /** Returns the value as it is now. */
  get(): T;
  /** Calls the listener after every change, until the function that it returns is called. */
  subscribe(listener: (value: T) => void): () => void;
}

/** The side of a readable that its owner keeps. */
export interface Store<T> extends Readable<T> {
  /** Changes the value and tells the listeners. */
  set(value: T): void;
}

/** Makes a value that can be watched. */
export function store<T>(value: T): Store<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) {
        safely(listener, next);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
