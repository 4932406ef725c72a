import { fill, h } from "./dom.ts";
import type { LoggedFrame } from "./lab.ts";
import type { LedgerView } from "./ledger.ts";
import type { PaneCard } from "./pane-card.ts";
import type { PaneHandle } from "./pane.ts";

/** What one pane can prove. */
export interface PaneProof {
  readonly position: string | undefined;
  readonly published: number;
  readonly received: number;
  readonly values: number;
  readonly behind: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly recovered: number;
  readonly versionHoles: number;
  readonly addresses: readonly LedgerView[];
}

declare global {
  interface Window {
    /** The same as the card shows, by pane, for tests. */
    readonly __proof?: Readonly<Record<string, PaneProof>>;
  }
}

const mostLines = 80;

/** The card that counts. */
export interface ProofCard {
  readonly element: HTMLElement;
  readonly buttons: HTMLElement;
  draw(): void;
  /** Reads the server's counters, then draws. */
  count(): void;
}

/** Makes the card of these panes. */
export function proofCard(panes: () => readonly PaneCard[]): ProofCard {
  const table = h("table", { class: "proof" });
  const buttons = h("div", { class: "row" });
  const log = h("ol", { class: "log" });
  const chosen = h("select", { id: "log-of" }, h("option", { value: "" }, "all panes"));
  chosen.onchange = draw;
  const element = h(
    "section",
    { class: "card proof-card" },
    h(
      "h2",
      {},
      h("span", { class: "who" }, "Proof"),
      h("span", { class: "dim" }, "counted, not claimed"),
    ),
    h(
      "div",
      { class: "body" },
      table,
      buttons,
      h("div", { class: "bar" }, h("label", { htmlFor: "log-of" }, "Frames of"), chosen),
      log,
    ),
  );
  log.tabIndex = 0;
  log.setAttribute("aria-label", "Frames, newest first");
  element.setAttribute("aria-label", "Proof");

  const proofs = (): { card: PaneCard; handle: PaneHandle; proof: PaneProof }[] =>
    panes().flatMap((card) => {
      const handle = card.handle();
      return handle ? [{ card, handle, proof: proofOf(handle.ledgers(), handle.recovered()) }] : [];
    });
  // Who asks gets what is counted now, whenever the card was drawn.
  Object.defineProperty(window, "__proof", {
    get: () => Object.fromEntries(proofs().map(({ card, proof }) => [card.spec.id, proof])),
  });

  function draw(): void {
    const shown = proofs();
    const rows: readonly (readonly [string, (proof: PaneProof) => string, string?])[] = [
      ["Position", ({ position }) => position?.replace(/^.*:/, "#") ?? "–"],
      ["Published", (each) => counted(each, each.published)],
      ["Received", (each) => counted(each, each.received)],
      ["On the way", ({ behind }) => String(behind)],
      ["Lost", ({ lost }) => String(lost), "lost"],
      ["Doubled", ({ doubled }) => String(doubled), "doubled"],
      ["Version holes", ({ versionHoles }) => String(versionHoles), "holes"],
      ["Gaps → snapshot", ({ gaps }) => String(gaps)],
      ["Recovered", ({ recovered }) => String(recovered)],
      ["Newest values", ({ values }) => String(values)],
    ];
    fill(
      table,
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td"),
          ...shown.map(({ card }) => head(card.spec.title.replace(/ · .*/, ""))),
        ),
      ),
      h(
        "tbody",
        {},
        ...rows.map(([label, read, bad]) =>
          h(
            "tr",
            {},
            head(label, "row"),
            ...shown.map(({ proof }) => {
              const text = read(proof);
              return h(
                "td",
                { class: bad === undefined ? "n" : text === "0" ? "n ok" : "n bad" },
                text,
              );
            }),
          ),
        ),
      ),
    );
    const choices = ["", ...shown.map(({ card }) => card.spec.id)];
    if (chosen.options.length !== choices.length) {
      const before = chosen.value;
      fill(
        chosen,
        h("option", { value: "" }, "all panes"),
        ...shown.map(({ card: { spec } }) => h("option", { value: spec.id }, spec.title)),
      );
      chosen.value = choices.includes(before) ? before : "";
    }
    const lines = shown
      .filter(({ card }) => chosen.value === "" || chosen.value === card.spec.id)
      .flatMap(({ card, handle }) =>
        handle.lab.frames.slice(-mostLines).map((frame) => ({ who: card.spec.title, frame })),
      )
      .sort((a, b) => b.frame.at - a.frame.at)
      .slice(0, mostLines);
    fill(log, ...lines.map(({ who, frame }) => line(who, frame)));
  }

  return {
    element,
    buttons,
    draw,
    count() {
      void Promise.all(panes().map((card) => card.handle()?.count() ?? Promise.resolve())).then(
        draw,
      );
    },
  };
}

/** A count; dots as long as it may hold what does not count, because older values are left out there on purpose. */
function counted({ addresses }: PaneProof, count: number): string {
  return addresses.some(({ isOpen }) => isOpen) ? "…" : String(count);
}

function head(text: string, scope = "col"): HTMLElement {
  return h("th", { scope }, text);
}

function proofOf(addresses: readonly LedgerView[], recovered: number): PaneProof {
  const sum = (read: (view: LedgerView) => number): number =>
    addresses.reduce((total, view) => total + read(view), 0);
  return {
    position: addresses.reduce<LedgerView | undefined>(
      (newest, view) => (view.at > (newest?.at ?? -1) ? view : newest),
      undefined,
    )?.position,
    published: sum((view) => view.published),
    received: sum((view) => view.received),
    values: sum((view) => view.values),
    behind: sum((view) => view.behind),
    lost: sum((view) => view.lost),
    doubled: sum((view) => view.doubled),
    gaps: sum((view) => view.gaps),
    versionHoles: sum((view) => view.versionHoles),
    recovered,
    addresses,
  };
}

/** A line of the log: what a frame says, in short; the whole of it as its title. */
function line(who: string, { way, text }: LoggedFrame): HTMLElement {
  const initial = h("b", {}, who.slice(0, 2));
  if (way === "note" || way === "trouble") {
    return h("li", { class: way }, initial, way === "note" ? " · " : " × ", text);
  }
  const { short, refused = false } = way === "in" ? incoming(text) : { short: outgoing(text) };
  return h(
    "li",
    { class: refused ? "trouble" : way, title: text.slice(0, 2_000) },
    initial,
    way === "in" ? " ◂ " : " ▸ ",
    short,
  );
}

interface AnyFrame {
  readonly type?: string;
  readonly event?: string;
  readonly address?: string;
  readonly message?: unknown;
  readonly failureType?: string;
  readonly headers?: { readonly position?: string };
  readonly body?: {
    readonly type?: string;
    readonly resourceId?: string;
    readonly resourceVersion?: number;
    readonly position?: string;
  } | null;
}

function incoming(text: string): { readonly short: string; readonly refused?: boolean } {
  const { type, event, address, message, failureType, headers, body } = JSON.parse(
    text,
  ) as AnyFrame;
  if (event !== undefined) {
    const told = message as { address?: string; events?: number };
    const count = told.events === undefined ? "" : ` ${String(told.events)} missed`;
    return { short: `${event.replace("hub.", "")} ${told.address ?? ""}${count}` };
  }
  if (type === "err") {
    return { short: `${failureType ?? "err"} ${address ?? ""}`, refused: true };
  }
  const position = headers?.position ?? body?.position;
  const at = position === undefined ? "" : ` #${position.replace(/^.*:/, "")}`;
  const version = body?.resourceVersion === undefined ? "" : ` v${String(body.resourceVersion)}`;
  const about = (body?.resourceId ?? "").replace(/^(\w{6})\w*-[-\w]*$/, "$1…");
  return { short: `${body?.type ?? "answer"} ${about}${version}${at}`.replace("  ", " ") };
}

function outgoing(text: string): string {
  const parsed = JSON.parse(text) as AnyFrame | readonly AnyFrame[];
  const frames = Array.isArray(parsed) ? (parsed as readonly AnyFrame[]) : [parsed as AnyFrame];
  return frames
    .map(({ type, address, headers, body }) => {
      const since =
        headers?.position === undefined ? "" : ` since #${headers.position.replace(/^.*:/, "")}`;
      return `${type === "send" ? (body?.type ?? "send") : (type ?? "")} ${address ?? ""}${since}`;
    })
    .join(", ");
}
