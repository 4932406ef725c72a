import { demos } from "./demos.ts";
import { fill, h, seldom } from "./dom.ts";
import { fetchJson } from "./fetch.ts";
import type { PaneHandle } from "./pane.ts";
import { paneCard, type PaneCard, type PaneSpec } from "./pane-card.ts";
import { proofCard } from "./proof-card.ts";

/** A button that does a real thing, and what it tells afterwards. */
export interface Action {
  readonly label: string;
  /** What it does, in a sentence. */
  readonly title: string;
  run(panes: ReadonlyMap<string, PaneHandle>): Promise<string>;
}

type Panes = ReadonlyMap<string, PaneHandle>;

/** Does what a pane has for a button; one that is still loading is waited for. */
export async function actIn(panes: Panes, pane: string, name: string): Promise<string> {
  const end = performance.now() + 10_000;
  let action = panes.get(pane)?.actions.get(name);
  while (!action && performance.now() < end) {
    await new Promise(requestAnimationFrame);
    action = panes.get(pane)?.actions.get(name);
  }
  if (!action) {
    throw new Error(`${pane} has not loaded.`);
  }
  return action();
}

/** One demo's page. */
export interface ShellOptions {
  readonly demo: string;
  /** One or two sentences about what is to be seen here. */
  readonly lead: string;
  /** Users beside each other from the start; their names are unique. */
  readonly panes: readonly PaneSpec[];
  /** More of them, each opened and closed by a button. */
  readonly more?: readonly PaneSpec[];
  readonly actions: readonly Action[];
  /** What to try, and what must then be seen. */
  readonly believe: readonly string[];
  /** The same demo, made in another way. */
  readonly other?: { readonly title: string; readonly path: string };
  /** What is simulated, with its seed; it publishes through the hub's public API. */
  readonly simulated?: string;
}

interface Cluster {
  readonly nodes: readonly {
    readonly url: string;
    readonly name: string;
    readonly runs: boolean;
  }[];
  readonly canKill: boolean;
}

/** Draws the page around the panes. */
export async function openShell(options: ShellOptions): Promise<void> {
  const demo = demos.find(({ name }) => name === options.demo);
  document.title = `${demo?.title ?? ""} · Hubbub demos`;
  const space = new URLSearchParams(location.search).get("space") ?? "acme";
  const cards = new Map<string, PaneCard>();
  const row = h("div", { class: "panes" });
  const proof = proofCard(() => [...cards.values()]);
  const said = h("p", { class: "said", role: "status" });
  proof.buttons.after(said);
  // Counting goes on with every frame; reading it does not need as many.
  const redraw = seldom(200, () => {
    proof.draw();
  });

  const add = (spec: PaneSpec): void => {
    const card = paneCard(options.demo, space, { ...spec, node: cards.size }, redraw);
    cards.set(spec.id, card);
    row.append(card.element);
  };
  const remove = (id: string): void => {
    cards.get(id)?.element.remove();
    cards.delete(id);
    redraw();
  };

  const run = async (action: () => Promise<string>): Promise<void> => {
    said.textContent = "…";
    said.textContent = await action().catch((failure: unknown) =>
      failure instanceof Error ? failure.message : String(failure),
    );
    redraw();
  };
  const handles = (): Map<string, PaneHandle> =>
    new Map(
      [...cards].flatMap(([id, { handle }]) => {
        const pane = handle();
        return pane ? [[id, pane] as const] : [];
      }),
    );
  const button = ({ label, title, run: act }: Action): HTMLElement =>
    h("button", { type: "button", title, onclick: () => void run(() => act(handles())) }, label);

  const cluster = await fetchJson<Cluster>("/demo/api/hub");
  proof.buttons.append(
    ...options.actions.map(button),
    ...(options.more ?? []).map((spec) => opener(spec, cards, add, remove)),
    ...nodeButtons(cluster).map(button),
  );
  for (const spec of options.panes) {
    add(spec);
  }
  document.body.append(
    header(options.demo),
    h(
      "main",
      {},
      h(
        "div",
        { class: "lead" },
        h("h1", {}, demo?.title ?? ""),
        h("p", {}, options.lead),
        options.simulated !== undefined && h("span", { class: "pill" }, options.simulated),
        options.other && h("a", { href: `/demo/${options.other.path}` }, options.other.title),
      ),
      h("div", { class: "stage" }, row, proof.element),
      h(
        "div",
        { class: "notes" },
        believe(options.believe),
        honesty(),
        await sources(options.demo),
      ),
    ),
  );
  setInterval(() => {
    proof.count();
  }, 2_000);
  redraw();
}

function opener(
  spec: PaneSpec,
  cards: ReadonlyMap<string, PaneCard>,
  add: (spec: PaneSpec) => void,
  remove: (id: string) => void,
): HTMLElement {
  const button = h("button", { type: "button" });
  const draw = (): void => {
    const isOpen = cards.has(spec.id);
    button.textContent = `${isOpen ? "Close" : "Open"} ${spec.title}`;
    button.setAttribute("aria-pressed", String(isOpen));
  };
  button.onclick = () => {
    if (cards.has(spec.id)) {
      remove(spec.id);
    } else {
      add(spec);
    }
    draw();
  };
  draw();
  return button;
}

/** Where there are several nodes, one can be killed; on one node the button says why it does nothing. */
function nodeButtons({ nodes, canKill }: Cluster): Action[] {
  const post = (what: string, node: number): Promise<Cluster> =>
    fetchJson(`/demo/api/hub/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ node }),
    });
  if (!canKill) {
    const title = "Stops the process of a node; there has to be another one";
    return [{ label: "Kill node", title, run: () => post("kill", 0).then(() => "killed") }];
  }
  return nodes.flatMap(({ name }, node) => [
    {
      label: `Kill ${name}`,
      title: "Ends the process at once, as a machine does that loses power",
      run: () => post("kill", node).then(() => `${name} is dead`),
    },
    {
      label: `Start ${name}`,
      title: "Has scripts/cluster start the process again",
      run: () => post("start", node).then(() => `${name} is about to start`),
    },
  ]);
}

/** The head of every page of the demos. */
export function header(current?: string): HTMLElement {
  const console = location.port === "8080" ? "http://localhost:9090/console" : "/";
  return h(
    "header",
    {},
    h("a", { class: "brand", href: "/demo/" }, "Hubbub demos"),
    h(
      "nav",
      { "aria-label": "Demos" },
      ...demos.map(({ name, title }) => {
        const link = h("a", { href: `/demo/${name}` }, title);
        if (name === current) {
          link.setAttribute("aria-current", "page");
        }
        return link;
      }),
    ),
    h("a", { class: "console", href: console }, "Console"),
  );
}

function believe(claims: readonly string[]): HTMLElement {
  return h(
    "section",
    {},
    h("h2", {}, "Believe it"),
    h("ol", {}, ...claims.map((claim) => h("li", {}, claim))),
  );
}

function honesty(): HTMLElement {
  const rules = [
    "Nothing moves without a frame: no timer in these pages makes up data. What the log shows is what came over the socket.",
    "Each pane is a user of its own, with a hub client, a socket and a token of its own.",
    "Simulated sources run in the back end, publish through the public API and are labelled, with their seed.",
    "Lost and doubled are counted from the positions and ids of what arrived, and compared with the server's own counters.",
    "Cut closes the pane's real socket and lets no new one open. Freeze holds back what arrives, as in a tab that is too busy; thaw hands it on.",
    "Kill node ends a real process, where scripts/cluster has started several. On one node the button says so.",
  ];
  return h(
    "section",
    {},
    h("h2", {}, "What is real here"),
    h("ul", {}, ...rules.map((rule) => h("li", {}, rule))),
  );
}

async function sources(demo: string): Promise<HTMLElement> {
  const index =
    await fetchJson<Record<string, readonly { path: string; lines: number }[]>>(
      "/demo/source/index.json",
    );
  const own = [...(index[demo] ?? []), ...(index[`java/${demo}`] ?? [])];
  const list = h("ul", { class: "sources" });
  fill(
    list,
    ...own.map(({ path, lines }) =>
      h(
        "li",
        {},
        h("a", { href: `/demo/source/${path}` }, path.replace(/^.*\//, "")),
        h("span", { class: "dim" }, ` ${String(lines)} lines`),
      ),
    ),
  );
  const total = own.reduce((sum, { lines }) => sum + lines, 0);
  return h("section", {}, h("h2", {}, `These ${String(total)} lines do it`), list);
}
