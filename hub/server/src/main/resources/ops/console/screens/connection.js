import { ApiError, get, post } from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { h, show } from "../lib/dom.js";
import { ago, bytes, count, moment, shortId } from "../lib/format.js";
import {
  address,
  card,
  changeButton,
  facts,
  goButton,
  node as nodeName,
  pill,
  table,
  user,
} from "../lib/parts.js";
import { link } from "../lib/view.js";

/**
 * One connection: who it is, what it hears, and how far it is.
 *
 * @param {import("../lib/view.js").View} view
 * @param {string} id
 */
export function connection(view, id) {
  view.root.className = "two";
  /** @type {any} */
  let last;
  const cut = async () => {
    const reason = await confirm(
      `Disconnect ${shortId(id)}?`,
      "It is closed with 4403; a client that obeys does not come back by itself.",
      { text: "Disconnect", danger: true },
    );
    if (reason !== null) {
      await view.attempt(() =>
        post(`connections/${encodeURIComponent(id)}/disconnect`, { reason }),
      );
    }
  };
  view.every(2_000, async () => {
    try {
      last = await get(`connections/${encodeURIComponent(id)}`, {}, view.signal);
      show(view.root, overview(last, true, cut), claims(last), subscriptions(last));
    } catch (reason) {
      if (!(reason instanceof ApiError && reason.status === 404)) {
        throw reason;
      }
      show(
        view.root,
        last
          ? [overview(last, false, cut), claims(last), subscriptions(last)]
          : card(
              h("code", null, id),
              h("p", { class: "empty" }, "No node has this connection (any more)."),
              { class: "wide" },
            ),
      );
    }
  });
}

/**
 * @param {any} found
 * @param {boolean} isOpen
 * @param {() => Promise<void>} cut
 */
function overview(found, isOpen, cut) {
  return card(
    h("code", null, found.id),
    [
      facts([
        ["User", user(found.user)],
        ["Over", found.transport],
        ["From", h("code", null, found.ip)],
        ["Client", found.agent || "–"],
        ["Node", nodeName(found.node)],
        ["Open since", `${moment(found.since)}, for ${ago(found.since)}`],
        ["Unsent", bytes(found.pendingBytes)],
        ["Token ends", found.tokenExpires ? moment(found.tokenExpires) : "never"],
      ]),
      h(
        "p",
        { class: "row" },
        goButton("Trace this user", link("trace", [], { user: found.user })),
        h(
          "a",
          {
            class: "button",
            href: link("permissions", [], { claims: JSON.stringify(found.claims) }),
          },
          "Explain with these claims",
        ),
        changeButton("Disconnect…", () => void cut(), { class: "danger", disabled: !isOpen }),
      ),
    ],
    {
      tools: !isOpen
        ? pill("", "closed")
        : found.slow
          ? pill("bad", "slow")
          : pill("ok", "keeps up"),
    },
  );
}

/** @param {any} found */
function claims(found) {
  return card(
    "Claims of its token",
    h("pre", { class: "mono" }, JSON.stringify(found.claims, null, 2)),
  );
}

/** @param {any} found */
function subscriptions(found) {
  return card(
    `Subscriptions (${count(found.subscriptions.length)})`,
    table(
      ["Address", { text: "Kind", hide: true }, "State", { text: "Position", hide: true }],
      found.subscriptions.map((/** @type {any} */ one) =>
        h(
          "tr",
          { "data-key": one.address },
          h(
            "td",
            { class: "a" },
            address(one.address),
            one.presence && h("span", { class: "tag" }, "presence"),
          ),
          h("td", { class: "hide" }, h("span", { class: "tag" }, one.delivery)),
          h(
            "td",
            null,
            one.blocked
              ? pill("bad", "waits for the client")
              : pill(one.state === "live" ? "ok" : "warn", one.state.replace("_", " ")),
          ),
          h("td", { class: "hide" }, one.position ? h("code", null, one.position) : "–"),
        ),
      ),
      "Subscriptions of this connection",
      "It has subscribed to nothing.",
    ),
    { class: "wide", flush: found.subscriptions.length > 0 },
  );
}
