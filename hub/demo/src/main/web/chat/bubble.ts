import { avatar, h } from "../shell/dom.ts";
import type { Message } from "./contract.ts";
import type { Shown } from "./talk.ts";

/** What can be done to a message, and by whom. */
export interface Tools {
  retry(message: Message): void;
  edit(message: Message): void;
  remove(message: Message): void;
  may(message: Message): boolean;
}

/**
 * Makes what is seen of one message: who wrote it, its text, and how far it has come.
 *
 * @param readers up to which message each user has read; for the last message only
 */
export function bubble(
  message: Shown,
  readers: ReadonlyMap<string, string> | undefined,
  me: string,
  tools: Tools,
): HTMLElement {
  const { id, author, text, state, deleted, version } = message;
  const isMine = author === me;
  return h(
    "li",
    {
      class: `message ${isMine ? "mine" : ""} ${state}`,
      data: { id, version: String(version) },
    },
    !isMine && avatar(author.charAt(0).toUpperCase() + author.slice(1)),
    h(
      "span",
      { class: "bubble" },
      h("span", { class: "words" }, deleted ? h("i", {}, "taken back") : text),
      h("small", {}, marks(message, readers, me)),
    ),
    buttons(message, tools),
  );
}

/** How far a message has come, in words. */
function marks(
  { id, author, state, problem, sentAt, version, deleted }: Shown,
  readers: ReadonlyMap<string, string> | undefined,
  me: string,
): string {
  if (state !== "sent") {
    return state === "sending" ? "sending…" : `not sent: ${problem ?? ""}`;
  }
  const seen = [...(readers ?? [])]
    .filter(([who, upTo]) => upTo === id && who !== me && who !== author)
    .map(([who]) => who);
  const all = [
    new Date(sentAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
    author === me ? "✓ sent" : "",
    version > 1 && !deleted ? "edited" : "",
    seen.length > 0 ? `seen by ${seen.join(", ")}` : "",
  ];
  return all.filter(Boolean).join(" · ");
}

function buttons(message: Shown, tools: Tools): HTMLElement | false {
  const { state, deleted, text } = message;
  const tool = (name: string, act: (message: Message) => void): HTMLElement => {
    const onclick = (): void => {
      act(message);
    };
    const button = h("button", { type: "button", class: "small quiet", onclick }, name);
    button.setAttribute("aria-label", `${name}: ${text.slice(0, 40)}`);
    return button;
  };
  if (state === "failed") {
    return h("span", { class: "tools" }, tool("Retry", tools.retry));
  }
  return (
    state === "sent" &&
    !deleted &&
    tools.may(message) &&
    h("span", { class: "tools" }, tool("Edit", tools.edit), tool("Delete", tools.remove))
  );
}
