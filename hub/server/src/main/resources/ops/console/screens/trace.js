import { ApiError, get } from "../lib/api.js";
import { h, show } from "../lib/dom.js";
import { clock, count, plural } from "../lib/format.js";
import {
  address,
  card,
  copyButton,
  facts,
  field,
  form,
  goButton,
  node as nodeName,
  pill,
  silent,
  table,
  user,
} from "../lib/parts.js";
import { link } from "../lib/view.js";

/**
 * What became of an event, and for whom.
 *
 * @param {import("../lib/view.js").View} view
 */
export function trace(view) {
  const asked = {
    event: view.query.get("event") ?? "",
    user: view.query.get("user") ?? "",
    address: view.query.get("address") ?? "",
  };
  view.root.className = "two";
  show(view.root, question(asked), !asked.event && !asked.user && !asked.address && ways());
  if (asked.event) {
    void view.attempt(() => answer(view, asked));
  } else if (asked.user || asked.address) {
    void view.attempt(() => search(view, asked));
  }
}

/** @typedef {{ event: string, user: string, address: string }} Asked */

/**
 * @param {import("../lib/view.js").View} view
 * @param {Asked} asked
 */
async function answer(view, asked) {
  try {
    const found = await get(
      `trace/${encodeURIComponent(asked.event)}`,
      { user: asked.user, address: asked.address },
      view.signal,
    );
    show(view.root, question(asked), verdict(found, asked), aside(found, asked));
    if (found.event?.address) {
      const near = await get("trace", { address: found.event.address }, view.signal);
      show(view.root, question(asked), verdict(found, asked), [
        aside(found, asked),
        nearby(near, found.event.id),
      ]);
    }
  } catch (reason) {
    show(view.root, question(asked), nothing(reason));
  }
}

/**
 * @param {import("../lib/view.js").View} view
 * @param {Asked} asked
 */
async function search(view, asked) {
  try {
    const found = await get("trace", { user: asked.user, address: asked.address }, view.signal);
    show(view.root, question(asked), list("Latest decisions", found, asked.user, ""));
  } catch (reason) {
    show(view.root, question(asked), nothing(reason));
  }
}

/** @param {unknown} reason */
function nothing(reason) {
  if (!(reason instanceof ApiError) || reason.status === 401) {
    throw reason;
  }
  return card("Answer", h("p", { class: "empty" }, reason.message), { class: "wide" });
}

/** @param {Asked} asked */
function question(asked) {
  return card(
    "Why did somebody (not) get an event?",
    form(
      "form",
      (values) => {
        location.hash = link("trace", [], values);
      },
      field("Event id", "event", asked.event),
      field("User", "user", asked.user),
      field("Address", "address", asked.address),
      h("button", { class: "main" }, "Ask"),
    ),
    { class: "wide", key: "form" },
  );
}

function ways() {
  return card(
    "Three ways to ask",
    facts([
      [
        "What became of an event",
        "its id, as the publisher was answered, or from the tail of its address",
      ],
      ["Why did this user (not) get it", "the id and the user"],
      ["What was decided lately", "a user or an address alone"],
    ]),
    { class: "wide" },
  );
}

/** Details that the text of a step tells already. */
const inText = ["took", "missed", "outcome"];

const good = /^(delivered|recovered|published)/;
const neither = /^(unknown|pending|echo|duplicate)/;

/**
 * Tells how long after an event something was; what was long before or after by its time.
 *
 * @param {string} at
 * @param {string | undefined} from
 */
function since(at, from) {
  const millis = from ? Date.parse(at) - Date.parse(from) : -1;
  return millis >= 0 && millis < 10_000 ? `+${String(millis)} ms` : clock(at);
}

/** @param {any} verdict */
function tone(verdict) {
  return neither.test(verdict.code) ? "" : good.test(verdict.code) ? "ok" : "bad";
}

/**
 * @param {any} found
 * @param {Asked} asked
 */
function verdict(found, asked) {
  return card(
    "Answer",
    [
      h("p", { class: "verdict" }, found.verdict.text),
      h(
        "ol",
        { class: "steps" },
        found.steps.map((/** @type {any} */ step) => stepOf(step, found.event?.acceptedAt)),
      ),
      h(
        "p",
        { class: "row" },
        asked.user &&
          found.event?.address &&
          goButton(
            "Explain the rule",
            link("permissions", [], { address: found.event.address, user: asked.user }),
          ),
        found.event?.address &&
          goButton("Tail", link("tail", [], { address: found.event.address })),
        copyButton("Copy as JSON", () => JSON.stringify(found, null, 2)),
      ),
    ],
    {
      key: "answer",
      tools: [
        silent(found.nodes),
        found.verdict.evidence && h("span", { class: "tag" }, found.verdict.evidence),
        pill(tone(found.verdict), found.verdict.code.replaceAll("_", " ")),
      ],
    },
  );
}

/**
 * @param {any} step
 * @param {string | undefined} from when the event was accepted
 */
function stepOf(step, from) {
  const [mark, tone] =
    step.ok === true ? ["✓", "ok"] : step.ok === false ? ["✕", "bad"] : ["–", "dim"];
  const details = Object.entries(step.details ?? {})
    .filter(([name, value]) => value !== null && value !== "" && !inText.includes(name))
    .map(
      ([name, value]) =>
        `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    );
  return h(
    "li",
    null,
    h(
      "span",
      {
        class: tone,
        role: "img",
        "aria-label": step.ok === true ? "yes" : step.ok === false ? "no" : "not reached",
      },
      mark,
    ),
    h("span", { class: step.ok === null ? "dim" : "" }, step.text),
    h("time", null, step.at ? since(step.at, from) : ""),
    h("span", { class: "small" }, [
      step.node && nodeName(step.node),
      step.evidence && ` · ${step.evidence}`,
      details.length > 0 && ` · ${details.join(" · ")}`,
    ]),
  );
}

/**
 * @param {any} found
 * @param {Asked} asked
 */
function aside(found, asked) {
  const event = found.event ?? {};
  const counts = Object.entries(found.counts ?? {}).filter(([, value]) => value);
  return card(
    "The event",
    [
      facts([
        ["Id", h("code", null, event.id ?? asked.event)],
        ["Address", event.address ? address(event.address) : "–"],
        ["Type", event.type ?? "–"],
        ["Position", event.position ? h("code", null, event.position) : "–"],
        ["Accepted", event.acceptedAt ? clock(event.acceptedAt) : "–"],
        ["From", event.by ?? "–"],
        ["Published", event.duplicate ? "again: it was there already" : "once"],
        .../** @type {[string, import("../lib/dom.js").Child][]} */ (
          counts.map(([name, value]) => [name.replaceAll("_", " "), count(Number(value))])
        ),
      ]),
      people(found.users ?? [], event.id),
    ],
    { key: "event" },
  );
}

/**
 * @param {readonly any[]} users
 * @param {string} event
 */
function people(users, event) {
  return (
    users.length > 0 &&
    h(
      "details",
      { open: users.length <= 10 },
      h("summary", null, `Who did and did not get it (${plural(users.length, "user")})`),
      table(
        ["User", "Outcome"],
        users.map((one) =>
          h(
            "tr",
            null,
            h(
              "td",
              null,
              h(
                "a",
                { href: link("trace", [], { event, user: one.user ?? one }) },
                one.user ?? one,
              ),
            ),
            h("td", null, outcome(one.outcome)),
          ),
        ),
        "Users and what became of it for them",
        "",
      ),
    )
  );
}

/** @param {string | undefined} code */
function outcome(code) {
  return code ? pill(tone({ code }), code.replaceAll("_", " ")) : "–";
}

/**
 * @param {any} found
 * @param {string} not
 */
function nearby(found, not) {
  return list("Nearby events", found, "", not);
}

/**
 * @param {string} title
 * @param {any} found
 * @param {string} who
 * @param {string} not
 */
function list(title, found, who, not) {
  const rows = found.entries
    .filter((/** @type {any} */ entry) => entry.eventId !== not)
    .map((/** @type {any} */ entry) =>
      h(
        "tr",
        null,
        h("td", null, entry.at ? clock(entry.at) : "–"),
        h(
          "td",
          { class: "a" },
          entry.eventId
            ? h(
                "a",
                { href: link("trace", [], { event: entry.eventId, user: who || entry.user }) },
                h("code", null, entry.eventId),
              )
            : "–",
        ),
        h("td", { class: "hide a" }, entry.address && address(entry.address)),
        h("td", { class: "hide" }, entry.user ? user(entry.user) : "–"),
        h("td", null, outcome(entry.outcome)),
        h("td", { class: "hide" }, entry.text ?? ""),
      ),
    );
  return card(
    title,
    [
      table(
        [
          "At",
          "Event",
          { text: "Address", hide: true },
          { text: "User", hide: true },
          "Outcome",
          { text: "What", hide: true },
        ],
        rows,
        title,
        "Nothing is recorded.",
      ),
      found.more && h("p", { class: "small dim" }, "There is more; these are the latest."),
    ],
    { class: "wide", key: title, tools: silent(found.nodes) },
  );
}
