import { h, seldom } from "./dom.ts";
import type { PaneHandle } from "./pane.ts";

/** One user's pane. */
export interface PaneSpec {
  /** Tells it from the others, such as `sarah` or `sarah-phone`. */
  readonly id: string;
  /** The demo's user. */
  readonly user: string;
  readonly title: string;
  /** The page in it: `pane` if not given. */
  readonly page?: string;
  /** Which way its text runs, to try the other one. */
  readonly dir?: "rtl";
}

/** A pane with its head: who it is, how the connection stands, and the hands that disturb it. */
export interface PaneCard {
  readonly spec: PaneSpec;
  readonly element: HTMLElement;
  /** The pane, once it has loaded. */
  handle(): PaneHandle | undefined;
}

/** Makes one; `changed` is called whenever something in it may be drawn anew. */
export function paneCard(
  demo: string,
  space: string,
  spec: PaneSpec & { readonly node?: number },
  changed: () => void,
): PaneCard {
  const query = new URLSearchParams({ user: spec.user, space });
  if (spec.dir !== undefined) {
    query.set("dir", spec.dir);
  }
  query.set("node", String(spec.node ?? 0));
  const frame = h("iframe", {
    src: `/demo/${demo}/${spec.page ?? "pane"}?${query.toString()}`,
    title: `${spec.title}, a user of their own`,
    name: spec.id,
  });
  const state = h("span", { class: "pill", role: "status" }, "loading");
  const where = h("span", { class: "dim where" });
  const cut = h("button", { type: "button", class: "small" }, "Cut network");
  const freeze = h("button", { type: "button", class: "small" }, "Freeze");
  cut.title = "Closes the pane's socket and lets no new one open";
  freeze.title = "Holds back everything that comes, as in a tab that is too busy";
  const element = h(
    "section",
    { class: "card pane-card", data: { pane: spec.id } },
    h("h2", {}, h("span", { class: "who" }, spec.title), state),
    h("div", { class: "bar" }, where, cut, freeze),
    frame,
  );
  element.setAttribute("aria-label", spec.title);
  let handle: PaneHandle | undefined;

  const draw = (pane: PaneHandle): void => {
    const { lab } = pane;
    const info = pane.connection();
    const kind =
      lab.isCut || info.state === "denied" ? "bad" : info.state === "online" ? "ok" : "warn";
    const text = lab.isCut ? "offline on purpose" : lab.isFrozen ? "frozen" : info.state;
    state.className = `pill ${lab.isFrozen ? "warn" : kind}`;
    state.textContent = info.queued > 0 ? `${text} · ${String(info.queued)} waiting` : text;
    const node = pane.nodes.length > 1 ? `node ${String(lab.node)}` : "one node";
    const took = lab.latency === undefined ? "" : ` · ${String(lab.latency)} ms`;
    where.textContent = lab.isCut ? "no socket" : `${node} · websocket${took}`;
    cut.textContent = lab.isCut ? "Restore network" : "Cut network";
    freeze.textContent = lab.isFrozen ? "Thaw" : "Freeze";
    cut.setAttribute("aria-pressed", String(lab.isCut));
    freeze.setAttribute("aria-pressed", String(lab.isFrozen));
    changed();
  };

  const begin = (pane: PaneHandle): void => {
    handle = pane;
    cut.onclick = () => {
      (pane.lab.isCut ? pane.lab.restore : pane.lab.cut)();
    };
    freeze.onclick = () => {
      (pane.lab.isFrozen ? pane.lab.thaw : pane.lab.freeze)();
    };
    const redraw = seldom(100, () => {
      draw(pane);
    });
    pane.subscribe(redraw);
    redraw();
  };
  // The pane logs in before it has a handle, so its document may be loaded earlier than that.
  const look = (): void => {
    const pane = frame.contentWindow?.pane;
    if (pane) {
      begin(pane);
    } else if (element.isConnected || !handle) {
      requestAnimationFrame(look);
    }
  };
  frame.onload = look;

  return { spec, element, handle: () => handle };
}
