import { setTimeout as delay } from "node:timers/promises";

const deadlineMillis = 10_000;

/** Whoever can say what was going on when a condition did not come true. */
export const witnesses: Set<() => unknown> = new Set<() => unknown>();

/**
 * Waits until a condition holds, looking every few milliseconds.
 *
 * @param instead tells what is there, for the message, which also has what the witnesses say
 * @param look fetches what the condition is about, when that takes a call
 * @throws Error that names what was waited for, and what was there instead, after 10 s
 */
export async function until(
  what: string,
  condition: () => boolean,
  instead: () => unknown = () => undefined,
  look: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const end = performance.now() + deadlineMillis;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`no ${what} within ${String(deadlineMillis)} ms; ${describe(instead)}`);
    }
    await delay(5);
    await look();
  }
}

/** Waits for a promise, but no longer than 10 s. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = delay(deadlineMillis, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`no ${what} within ${String(deadlineMillis)} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    controller.abort();
    late.catch(() => undefined);
  }
}

function describe(instead: () => unknown): string {
  const said = [instead, ...witnesses].map((witness) => JSON.stringify(witness())).join(" ");
  return `there was ${said.slice(0, 2_000)}`;
}
