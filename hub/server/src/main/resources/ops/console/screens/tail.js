import { ApiError, get, lines } from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { bytes, clock, count } from "../lib/format.js";
import { card, changeButton, field, form, pill } from "../lib/parts.js";
import { link, pause } from "../lib/view.js";

const kept = 300;
const perSecond = 40;

/**
 * @typedef {object} Line
 * @property {number} n
 * @property {number} at
 * @property {any} [event]
 * @property {string} [position]
 * @property {string} [text] what the hub says in place of an event
 */

/**
 * @typedef {object} Tail
 * @property {string} address
 * @property {Line[]} lines the newest first
 * @property {number} seen
 * @property {number} leftOut
 * @property {boolean} isPaused
 * @property {string | null} reason why payloads are shown; null while they are not
 * @property {string} state
 * @property {string} [position] of the last event
 * @property {string} filter
 */

/**
 * What is published to one address, as it comes.
 *
 * @param {import("../lib/view.js").View} view
 */
export function tail(view) {
  /** @type {Tail} */
  const now = {
    address: view.query.get("address") ?? "",
    lines: [],
    seen: 0,
    leftOut: 0,
    isPaused: false,
    reason: null,
    state: "",
    filter: "",
  };
  let stream = new AbortController();
  let drawn = true;
  const changed = () => {
    if (drawn) {
      drawn = false;
      requestAnimationFrame(() => {
        drawn = true;
        draw();
      });
    }
  };
  const draw = () => show(view.root, chooser(now), log(now, { toggle, reveal, filter }));
  const toggle = () => {
    now.isPaused = !now.isPaused;
    changed();
  };
  /** @param {string} text */
  const filter = (text) => {
    now.filter = text.toLowerCase();
    changed();
  };
  const reveal = async () => {
    const reason =
      now.reason === null
        ? await confirm(
            "Show payloads?",
            "They are what users wrote. That you looked at them is kept with the reason.",
            { text: "Show payloads" },
          )
        : null;
    if (reason !== null || now.reason !== null) {
      now.reason = reason;
      now.lines = [];
      delete now.position;
      stream.abort();
      void follow();
    }
  };
  const follow = async () => {
    stream = new AbortController();
    const signal = AbortSignal.any([stream.signal, view.signal]);
    while (!signal.aborted) {
      const again = await view.attempt(() => read(now, signal, changed));
      now.state = signal.aborted ? "" : "cut off";
      changed();
      if (!again) {
        return;
      }
      await pause(1_000, signal);
    }
  };
  draw();
  if (now.address) {
    void follow();
  } else {
    void view.attempt(async () => {
      const answer = await get("addresses", { limit: 8 }, view.signal);
      show(view.root, chooser(now), busiest(answer.addresses));
    });
  }
}

/**
 * Reads until the stream ends.
 *
 * @param {Tail} now
 * @param {AbortSignal} signal
 * @param {() => void} changed
 */
async function read(now, signal, changed) {
  const query = {
    address: now.address,
    payload: now.reason === null ? "masked" : "full",
    rate: perSecond,
    ...(now.position ? { position: now.position } : { recent: 20 }),
  };
  now.state = "live";
  changed();
  try {
    await lines("tail", { query, reason: now.reason ?? undefined, signal }, (line) => {
      take(now, line);
      changed();
    });
  } catch (reason) {
    if (signal.aborted) {
      return;
    }
    throw reason instanceof ApiError
      ? reason
      : new ApiError(0, "unreachable", "the tail was cut off");
  }
}

/**
 * @param {Tail} now
 * @param {any} line
 */
function take(now, line) {
  now.seen += 1;
  const at = Date.now();
  if (line.leftOut) {
    now.leftOut += line.leftOut;
    now.seen += line.leftOut - 1;
    return;
  }
  now.position = line.headers?.position ?? now.position;
  if (now.isPaused) {
    return;
  }
  /** @type {Line} */
  const shown = line.error
    ? { n: now.seen, at, text: `${line.error}: ${line.message}` }
    : { n: now.seen, at, event: line.body, position: line.headers?.position };
  now.lines.unshift(shown);
  now.lines.length = Math.min(now.lines.length, kept);
}

/** @param {Tail} now */
function chooser(now) {
  return card(
    "Tail",
    form(
      "form",
      (values) => {
        location.hash = link("tail", [], values);
      },
      field("Address", "address", now.address, { required: true }),
      h("button", { class: "main" }, "Follow"),
    ),
    { key: "form" },
  );
}

/** @param {readonly any[]} addresses */
function busiest(addresses) {
  return card(
    "The busiest now",
    addresses.length > 0
      ? h(
          "div",
          { class: "row" },
          addresses.map(({ address }) =>
            h("a", { class: "button mono", href: link("tail", [], { address }) }, address),
          ),
        )
      : h("p", { class: "empty" }, "No address is in use."),
  );
}

/**
 * @param {Tail} now
 * @param {{ toggle: () => void, reveal: () => Promise<void>, filter: (text: string) => void }} actions
 */
function log(now, { toggle, reveal, filter }) {
  if (!now.address) {
    return null;
  }
  const shown = now.lines.filter((line) => fits(line, now.filter));
  return card(
    h("code", null, now.address),
    [
      h(
        "div",
        {
          class: "log",
          role: "log",
          "aria-live": "off",
          "aria-label": "Events, the last first",
          tabindex: "0",
        },
        shown.map(lineOf),
      ),
      shown.length === 0 &&
        h(
          "p",
          { class: "empty" },
          now.lines.length > 0
            ? "Nothing fits the filter."
            : "Nothing was published yet. New events show up here.",
        ),
    ],
    {
      key: "log",
      flush: true,
      tools: [
        now.leftOut > 0 &&
          pill("warn", `${count(now.seen - now.leftOut)} of ${count(now.seen)} shown`),
        now.state &&
          pill(
            now.isPaused ? "warn" : now.state === "live" ? "ok" : "bad",
            now.isPaused ? "paused" : now.state,
          ),
        h("input", {
          type: "search",
          placeholder: "Type, actor or resource",
          "aria-label": "Show only events with this type, actor or resource",
          oninput: (/** @type {InputEvent} */ event) => {
            filter(/** @type {HTMLInputElement} */ (event.currentTarget).value);
          },
        }),
        h("button", { type: "button", onclick: toggle }, now.isPaused ? "Go on" : "Pause"),
        changeButton(now.reason === null ? "Show payloads…" : "Hide payloads", () => void reveal()),
      ],
    },
  );
}

/**
 * @param {Line} line
 * @param {string} filter
 */
function fits({ event }, filter) {
  return (
    !filter ||
    [event?.type, event?.actorId, event?.resourceId].some((text) =>
      String(text ?? "")
        .toLowerCase()
        .includes(filter),
    )
  );
}

/** @param {Line} line */
function lineOf({ n, at, event, position, text }) {
  if (text) {
    return h("p", { "data-key": String(n) }, text);
  }
  const payload = event?.payload;
  return h(
    "details",
    { "data-key": String(n) },
    h(
      "summary",
      null,
      h("time", { class: "dim" }, clock(event?.occurredAt ?? at)),
      h("span", null, position ? `#${position.split(":").at(-1)}` : "·"),
      h("span", { class: "type" }, event?.type ?? "any"),
      event?.actorId && h("span", null, event.actorId),
      event?.resourceId &&
        h(
          "span",
          { class: "hide" },
          `${event.resourceId}${event.resourceVersion ? ` v${event.resourceVersion}` : ""}`,
        ),
      h(
        "span",
        null,
        payload === undefined ? `${bytes(event?.payloadBytes)} hidden` : JSON.stringify(payload),
      ),
    ),
    h("pre", null, JSON.stringify(event, null, 2)),
    h(
      "p",
      { class: "dim" },
      event?.id && h("a", { href: link("trace", [], { event: event.id }) }, "Trace this event"),
    ),
  );
}
