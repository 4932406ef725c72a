import { ApiError, get, post } from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { clock, count } from "../lib/format.js";
import {
  address,
  card,
  changeButton,
  facts,
  field,
  form,
  pill,
  silent,
  table,
  user,
} from "../lib/parts.js";

const actions = ["subscribe", "publish", "presence", "send"];

/**
 * @typedef {object} State
 * @property {any} [config]
 * @property {any} [answer]
 * @property {string} [problem] what is wrong with the question
 * @property {any} [reload] what a reload or its rehearsal answered
 * @property {readonly string[]} [faults]
 */

/**
 * What the rules say, why, and what changing them would do.
 *
 * @param {import("../lib/view.js").View} view
 */
export function permissions(view) {
  /** @type {State} */
  const now = {};
  const named = view.query.get("user");
  const first = {
    claims: view.query.get("claims") ?? JSON.stringify(named ? { sub: named } : { sub: "alice" }),
    address: view.query.get("address") ?? "",
  };
  view.root.className = "two";
  const draw = () => {
    show(view.root, question(first, explain, now), reloads(now, reload), rules(now));
  };
  /** @param {Record<string, string>} values */
  const explain = async (values) => {
    delete now.problem;
    await view.attempt(async () => {
      try {
        now.answer = await post("explain", { body: asked(values) });
      } catch (reason) {
        delete now.answer;
        now.problem = said(reason);
      }
    });
    draw();
  };
  /** @param {boolean} isRehearsal */
  const reload = async (isRehearsal) => {
    const reason = isRehearsal
      ? ""
      : await confirm(
          "Reload the config?",
          "The file on this node is read; its rules, limits and keys are in force at once.",
          { text: "Reload" },
        );
    if (reason === null) {
      return;
    }
    delete now.faults;
    delete now.reload;
    await view.attempt(async () => {
      try {
        now.reload = await post("reload", { query: { dryRun: isRehearsal }, reason });
      } catch (refusal) {
        if (!(refusal instanceof ApiError) || refusal.code !== "bad_config") {
          throw refusal;
        }
        now.faults = refusal.details["faults"] ?? [refusal.message];
      }
      now.config = await get("config", {}, view.signal);
    });
    draw();
  };
  draw();
  view.every(5_000, async () => {
    now.config = await get("config", {}, view.signal);
    draw();
  });
}

/** @param {unknown} reason */
function said(reason) {
  if (reason instanceof SyntaxError) {
    return 'The claims are no JSON, such as {"sub":"alice"}.';
  }
  if (reason instanceof ApiError && reason.status === 400) {
    return reason.message;
  }
  throw reason;
}

/**
 * @param {Record<string, string>} values
 */
function asked({ who = "", address, action }) {
  const isToken = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(who);
  return {
    address,
    action,
    ...(isToken ? { token: who } : { claims: JSON.parse(who || "{}") }),
  };
}

/**
 * @param {{ claims: string, address: string }} first
 * @param {(values: Record<string, string>) => Promise<void>} explain
 * @param {State} now
 */
function question(first, explain, now) {
  return card(
    "May they?",
    [
      form(
        "stack",
        explain,
        h(
          "label",
          null,
          "Claims (JSON), or a token",
          h("textarea", { name: "who", spellcheck: "false" }, first.claims),
        ),
        h(
          "div",
          { class: "form" },
          field("Address", "address", first.address, { required: true }),
          h(
            "label",
            { class: "narrow" },
            "Action",
            h(
              "select",
              { name: "action" },
              actions.map((name) => h("option", null, name)),
            ),
          ),
          h("button", { class: "main" }, "Explain"),
        ),
      ),
      h(
        "div",
        { role: "status" },
        now.problem && h("p", { class: "bad" }, now.problem),
        now.answer && decision(now.answer),
      ),
    ],
    { key: "question" },
  );
}

/** @param {any} answer */
function decision(answer) {
  const values = Object.entries(answer.values ?? {});
  return [
    h(
      "h3",
      { class: "answer" },
      pill(answer.allowed ? "ok" : "bad", answer.decision),
      h("span", { class: "small dim" }, answer.reason),
    ),
    facts([
      ["Rule", answer.rule ? h("code", null, answer.rule) : "none matches"],
      ["At", answer.where ? h("code", null, answer.where) : "–"],
      ["Expression", answer.expression ? h("code", null, answer.expression) : "–"],
      .../** @type {[string, import("../lib/dom.js").Child][]} */ (
        values.map(([name, value]) => [name, h("code", null, JSON.stringify(value))])
      ),
      .../** @type {[string, import("../lib/dom.js").Child][]} */ (
        answer.token
          ? [
              [
                "The hub",
                answer.token.valid
                  ? "believes this token"
                  : `refuses this token: ${answer.token.why}`,
              ],
            ]
          : []
      ),
    ]),
  ];
}

/**
 * @param {State} now
 * @param {(isRehearsal: boolean) => Promise<void>} reload
 */
function reloads(now, reload) {
  const last = now.config?.lastReload ?? {};
  /** @type {readonly string[]} */
  const faults = now.faults ?? (last.result === "failed" ? (last.faults ?? [last.reason]) : []);
  return card(
    "Change of rules",
    [
      h(
        "p",
        { class: "dim" },
        "Edit the config file, see what it would do, then put it in force. A file with faults changes nothing.",
      ),
      h(
        "p",
        { class: "row" },
        changeButton("Dry run", () => void reload(true)),
        changeButton("Reload…", () => void reload(false), { class: "main" }),
      ),
      h(
        "div",
        { role: "status" },
        now.reload && (now.reload.dryRun ? rehearsal(now.reload) : inForce(now.reload)),
        faults.length > 0 && [
          h(
            "p",
            null,
            pill("bad", "refused"),
            " nothing was changed; the rules before stay in force:",
          ),
          h(
            "ul",
            { class: "faults" },
            faults.map((fault) => h("li", null, fault)),
          ),
        ],
      ),
      h(
        "p",
        { class: "small dim" },
        last.at
          ? `The last reload at ${clock(last.at)} ${last.result}.`
          : "Not reloaded since the start.",
      ),
    ],
    { key: "reload" },
  );
}

/** @param {any} answer */
function inForce(answer) {
  const restart = answer.needsRestart ?? [];
  return h(
    "p",
    null,
    pill("ok", "in force"),
    ` ${count(answer.rules)} rules`,
    restart.length > 0 &&
      h("span", { class: "warn" }, `; only a restart changes ${restart.join(", ")}`),
  );
}

/** @param {any} answer */
function rehearsal(answer) {
  const cut = answer.cut ?? [];
  return [
    h(
      "p",
      null,
      pill(cut.length > 0 ? "warn" : "ok", "dry run"),
      cut.length > 0
        ? ` ${count(cut.length)}${answer.more ? " and more" : ""} live subscriptions would end:`
        : " no live subscription would end.",
    ),
    cut.length > 0 &&
      table(
        ["User", "Address", "Rule", { text: "Why", hide: true }],
        cut.map((/** @type {any} */ one) =>
          h(
            "tr",
            null,
            h("td", null, one.user ? user(one.user) : "–"),
            h("td", { class: "a" }, address(one.address)),
            h("td", null, h("code", null, one.rule ?? "–")),
            h("td", { class: "hide a" }, one.why ?? ""),
          ),
        ),
        "Subscriptions that would end",
        "",
      ),
    silent(answer.nodes),
  ];
}

/** @param {State} now */
function rules(now) {
  const config = now.config;
  if (!config) {
    return null;
  }
  return [
    card(
      `Rules in force (${count(config.rules.length)}); the first that matches decides`,
      table(
        [
          "Line",
          "Match",
          { text: "Kind", hide: true },
          "Subscribe",
          "Publish",
          { text: "More", hide: true },
        ],
        config.rules.map(ruleOf),
        "Rules",
        "No rules: everything is denied.",
      ),
      { class: "wide", key: "rules", flush: config.rules.length > 0 },
    ),
    card(
      "API keys",
      table(
        ["Name", "May publish", "May read"],
        config.keys.map((/** @type {any} */ key) =>
          h(
            "tr",
            null,
            h("td", null, key.name, " ", key.admin && h("span", { class: "tag" }, "admin")),
            h(
              "td",
              { class: "a" },
              key.admin ? "everything" : h("code", null, key.publish.join(" ") || "–"),
            ),
            h(
              "td",
              { class: "a" },
              key.admin ? "everything" : h("code", null, key.read.join(" ") || "–"),
            ),
          ),
        ),
        "API keys",
        "No API keys are configured.",
      ),
      { class: "wide", key: "keys", flush: config.keys.length > 0 },
    ),
  ];
}

/** @param {any} rule */
function ruleOf(rule) {
  const more = [
    rule.presence && `presence ${rule.presence.join(", ")}`,
    rule.everyMillis && `every ${rule.everyMillis} ms`,
    rule.types && `types ${rule.types.join(", ")}`,
    rule.rising && "rising versions",
    rule.send && `send ${rule.send.source}`,
    rule.body !== "event" && `body ${rule.body}`,
  ].filter((part) => part);
  return h(
    "tr",
    { "data-key": rule.where },
    h("td", { class: "dim", title: rule.where }, rule.where.split(":").at(-2)),
    h("td", { class: "a" }, h("code", null, rule.match)),
    h("td", { class: "hide" }, h("span", { class: "tag" }, rule.delivery)),
    h("td", { class: "a" }, expression(rule.subscribe)),
    h("td", { class: "a" }, expression(rule.publish)),
    h("td", { class: "hide a small dim" }, more.join("; ")),
  );
}

/** @param {{ source: string, where: string } | undefined} one */
function expression(one) {
  return one ? h("code", { title: one.where }, one.source) : h("span", { class: "dim" }, "nobody");
}
