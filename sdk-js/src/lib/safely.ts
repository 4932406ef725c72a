/**
 * Runs a callback of the application, if there is one.
 *
 * One that throws never harms the connection or another callback; what it threw reaches `window.onerror`, or Node's
 * `uncaughtException`, in a task of its own.
 */
export function safely<Args extends readonly unknown[]>(
  callback: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  try {
    callback?.(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
