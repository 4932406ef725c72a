import { h } from "../shell/dom.ts";
import type { Place } from "./contract.ts";

/** Makes what leads to a room or a private talk, and deletes it where that may be done. */
export function placeEntry(
  { title, path }: Place,
  isOpen: boolean,
  open: () => void,
  remove?: () => void,
): HTMLElement {
  const choose = h("button", { type: "button", class: "open", onclick: open }, title);
  choose.setAttribute("aria-current", String(isOpen));
  const words = `Delete ${title}`;
  const gone =
    remove &&
    h("button", { type: "button", class: "small quiet", title: words, onclick: remove }, "×");
  gone?.setAttribute("aria-label", words);
  return h("li", { data: { id: path } }, choose, gone);
}
