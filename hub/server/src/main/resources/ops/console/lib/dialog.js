import { h } from "./dom.js";

/**
 * Opens a dialog and waits for what was entered; null when it was left.
 *
 * @param {string} title
 * @param {import("./dom.js").Child[]} content
 * @param {{ text: string, danger?: boolean }} yes
 * @returns {Promise<FormData | null>}
 */
function ask(title, content, yes) {
  return new Promise((resolve) => {
    /** @type {FormData | null} */
    let answer = null;
    const form = h(
      "form",
      {
        method: "dialog",
        onsubmit: () => {
          answer = new FormData(form);
        },
      },
      h("h2", { id: "dialog-title" }, title),
      ...content,
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        h("button", { class: yes.danger ? "main danger" : "main" }, yes.text),
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, form);
    dialog.onclose = () => {
      dialog.remove();
      resolve(answer);
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Asks for a reason before something is done.
 *
 * @param {string} title
 * @param {string} consequence
 * @param {{ text: string, danger?: boolean }} yes
 * @returns {Promise<string | null>} the reason, maybe empty
 */
export async function confirm(title, consequence, yes) {
  const answer = await ask(
    title,
    [
      h("p", { class: "dim" }, consequence),
      h(
        "label",
        null,
        "Why (is kept with who did it)",
        h("input", { name: "reason", maxlength: 200, autofocus: true, autocomplete: "off" }),
      ),
    ],
    yes,
  );
  return answer && String(answer.get("reason") ?? "");
}

/**
 * Asks for an admin key.
 *
 * @param {string} why
 * @returns {Promise<string | null>}
 */
export async function askKey(why) {
  const answer = await ask(
    "Admin key",
    [
      h("p", { class: "dim" }, why),
      h(
        "label",
        null,
        "Key",
        h("input", {
          name: "key",
          type: "password",
          required: true,
          autofocus: true,
          autocomplete: "off",
        }),
      ),
      h("p", { class: "small dim" }, "Kept in this tab until it is closed."),
    ],
    { text: "Use this key" },
  );
  return answer && String(answer.get("key") ?? "");
}

/**
 * Asks for an event to publish.
 *
 * @param {string} address
 */
export async function askEvent(address) {
  const answer = await ask(
    "Publish a test event",
    [
      h(
        "p",
        { class: "dim" },
        "Everybody who is subscribed to ",
        h("code", null, address),
        " gets it.",
      ),
      h(
        "label",
        null,
        "Type",
        h("input", { name: "type", value: "operator.test", required: true }),
      ),
      h(
        "label",
        null,
        "Payload (JSON)",
        h("textarea", { name: "payload" }, '{"note":"a test of the operators"}'),
      ),
      h("label", null, "Why", h("input", { name: "reason", maxlength: 200 })),
    ],
    { text: "Publish" },
  );
  return (
    answer && {
      type: String(answer.get("type")),
      payload: String(answer.get("payload")),
      reason: String(answer.get("reason") ?? ""),
    }
  );
}
