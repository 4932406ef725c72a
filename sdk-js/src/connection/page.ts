/**
 * Watches for signs that the page, or its network, has come back or gone.
 *
 * A page that was frozen or kept in the back/forward cache has lost its socket without having been told, and timers of
 * hidden pages run late: each of these events is a reason to look at the connection now. Outside of a page it does
 * nothing, or what is there of it (workers know `online`).
 *
 * @returns ends the watch when it is aborted
 */
export function watchPage(look: () => void): AbortController {
  const watch = new AbortController();
  const page = (globalThis as { document?: EventTarget }).document;
  for (const name of ["online", "offline", "pageshow", "resume", "visibilitychange"]) {
    for (const target of [globalThis as Partial<EventTarget>, page]) {
      // Node has no such method on its global.
      target?.addEventListener?.(name, look, watch);
    }
  }
  return watch;
}
