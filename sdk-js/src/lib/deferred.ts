/** A promise, and how to settle it: by an error if there is one, else by the value. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  settle(error?: Error, value?: T): void;
}

/** Makes a promise that is settled from outside. */
export function deferred<T = void>(): Deferred<T> {
  let settle: Deferred<T>["settle"] = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = (error, value) => {
      if (error) {
        reject(error);
      } else {
        resolve(value as T);
      }
    };
  });
  return { promise, settle };
}
