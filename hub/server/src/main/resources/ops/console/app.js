// The console: which screen is shown, what is known of the node, and who is looking.
import { ApiError, get, key } from "./lib/api.js";
import { askKey } from "./lib/dialog.js";
import { h, show } from "./lib/dom.js";
import { count, plural } from "./lib/format.js";
import { pill } from "./lib/parts.js";
import { fetchRates, newest, ofAll, rates } from "./lib/rates.js";
import { parse, pause, session } from "./lib/view.js";
import { addresses } from "./screens/addresses.js";
import { cluster } from "./screens/cluster.js";
import { connections } from "./screens/connections.js";
import { permissions } from "./screens/permissions.js";
import { tail } from "./screens/tail.js";
import { trace } from "./screens/trace.js";
import { startSearch } from "./search.js";
import { showStrip } from "./strip.js";

/** @typedef {import("./lib/view.js").View} View */

/** @type {Record<string, { title: string, open: (view: View) => void }>} */
const screens = {
  cluster: { title: "Cluster", open: cluster },
  addresses: { title: "Addresses", open: addresses },
  connections: { title: "Connections", open: connections },
  tail: { title: "Tail", open: tail },
  trace: { title: "Trace", open: trace },
  permissions: { title: "Permissions", open: permissions },
};

/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let life = new AbortController();
const always = new AbortController().signal;
/** @type {string | undefined} */
let askedFor;

/** @param {string} text what is wrong; empty when nothing is */
function complain(text) {
  const banner = place("banner");
  banner.hidden = !text;
  if (banner.textContent !== text) {
    banner.textContent = text;
  }
}

/** @param {unknown} reason */
async function failed(reason) {
  if (reason instanceof ApiError && reason.status === 401) {
    await wantKey(reason.message);
  } else if (reason instanceof ApiError) {
    const isAway = reason.status === 0 && session.others.length > 0;
    const elsewhere = session.others.map((url) => `${url}/console/`).join(" or ");
    complain(isAway ? `${reason.message}; the others are at ${elsewhere}` : reason.message);
  } else if (!(reason instanceof DOMException && reason.name === "AbortError")) {
    throw reason;
  }
}

/** @param {string} why */
async function wantKey(why) {
  if (askedFor !== undefined) {
    return;
  }
  askedFor = why;
  const entered = await askKey(why);
  askedFor = undefined;
  if (entered) {
    key.set(entered);
    await greet();
    open();
  }
}

/**
 * @param {AbortSignal} signal
 * @param {number} millis
 * @param {() => Promise<unknown>} action
 */
async function every(signal, millis, action) {
  while (!signal.aborted) {
    if (!document.hidden) {
      try {
        await action();
        complain("");
      } catch (reason) {
        await failed(reason);
      }
    }
    await pause(millis, signal);
  }
}

/** Shows the screen that the address names. */
function open() {
  life.abort();
  life = new AbortController();
  const { signal } = life;
  const { screen, path, query } = parse(location.hash);
  const known = screens[screen] ?? screens["cluster"];
  const root = h("main", { id: "screen", tabindex: "-1", "aria-label": known?.title });
  place("screen").replaceWith(root);
  document.title = `${known?.title ?? ""} · Hub console`;
  showNavigation(screen);
  known?.open({
    root,
    path,
    query,
    signal,
    every: (millis, action) => void every(signal, millis, action),
    attempt: async (action) => {
      try {
        await action();
        complain("");
        return true;
      } catch (reason) {
        await failed(reason);
        return false;
      }
    },
  });
}

/** @param {string} current */
function showNavigation(current) {
  show(
    place("nav"),
    Object.entries(screens).map(([name, { title }]) =>
      h("a", { href: `#/${name}`, "aria-current": name === current && "page" }, title),
    ),
  );
  document
    .querySelector("nav [aria-current]")
    ?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Asks who is looking. */
async function greet() {
  try {
    Object.assign(session, await get("session"));
  } catch (reason) {
    if (reason instanceof ApiError && reason.status === 401 && key.get()) {
      key.set(null);
    }
    await failed(reason);
  }
  showPills();
}

function keyPill() {
  if (!session.needsKey) {
    return pill("", session.node ? "no admin key configured" : "…");
  }
  return session.mayChange
    ? h(
        "button",
        {
          class: "pill ok",
          type: "button",
          title: "Forget the key",
          onclick: () => {
            key.set(null);
            void greet().then(open);
          },
        },
        session.who,
      )
    : h(
        "button",
        {
          class: "pill",
          type: "button",
          title: "Enter an admin key to change things",
          onclick: () => void wantKey("Changing something takes an admin key of the config."),
        },
        "read only",
      );
}

function showPills() {
  const connected = newest(ofAll("connections"));
  show(
    place("pills"),
    pill(rates.size > 0 ? "ok" : "", plural(rates.size, "node")),
    connected !== undefined && pill("hide", `${count(connected)} connections`),
    keyPill(),
  );
}

addEventListener("hashchange", open);
startSearch(/** @type {HTMLFormElement} */ (place("search")));
showStrip(place("strip"));
await greet();
open();
void every(always, 2_000, async () => {
  await fetchRates(always);
  showStrip(place("strip"));
  showPills();
});
