/**
 * Runs a callback of the application.
 *
 * One that throws never harms the connection or another callback; what it threw reaches `window.onerror`, or Node's
 * `uncaughtException`, in a task of its own.
 */
export function safely(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
