import type { Hub } from "../client/hub.js";
import { store, type Readable } from "../lib/readable.js";

/** What a banner over the page should say about the connection. */
export type Banner = "none" | "reconnecting" | "offline" | "denied";

/** Trouble that is over sooner shows nothing. */
const blipMillis = 3_000;

/** Watches the connection for a banner: a blip shows nothing, and what is shown tells the user what to expect. */
export function banner(hub: Pick<Hub, "connection">): Readable<Banner> {
  const shown = store<Banner>("none");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const { state } = hub.connection.get();
    if (state === "connecting" || state === "reconnecting") {
      timer ??= setTimeout(() => shown.set(isOffline() ? "offline" : "reconnecting"), blipMillis);
    } else {
      clearTimeout(timer);
      timer = undefined;
      const next = state === "denied" ? "denied" : "none";
      if (shown.get() !== next) {
        shown.set(next);
      }
    }
  };
  hub.connection.subscribe(look);
  look();
  return shown;
}

function isOffline(): boolean {
  return (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine === false;
}
