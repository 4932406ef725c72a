import {
  Hub,
  webSocket,
  type ConnectionInfo,
  type EventMap,
  type Handlers,
  type Position,
  type Readable,
  type Subscription,
} from "@hubbub/client";
import { h } from "./dom.ts";
import { fetchJson, Refusal } from "./fetch.ts";
import { createLab, type Lab } from "./lab.ts";
import { Ledger, type LedgerView } from "./ledger.ts";

/** What a pane shows to the page around it; everything else of it is its own. */
export interface PaneHandle {
  readonly user: string;
  readonly name: string;
  readonly lab: Lab;
  readonly nodes: readonly string[];
  connection(): ConnectionInfo;
  ledgers(): readonly LedgerView[];
  /** How many missed events the hub has sent after interruptions, as it says. */
  recovered(): number;
  /** Reads the server's counters of every address, with this user's token. */
  count(): Promise<void>;
  subscribe(listener: () => void): () => void;
  /** What the demo's buttons do in this pane, by name; each tells what happened. */
  readonly actions: Map<string, () => Promise<string>>;
}

declare global {
  interface Window {
    pane?: PaneHandle;
  }
}

/** One user in one pane: a hub client of their own, with a token of their own. */
export interface Pane<Events> {
  readonly hub: Hub<Events>;
  /** The user's `sub`. */
  readonly user: string;
  readonly name: string;
  readonly space: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly handle: PaneHandle;
  readonly root: HTMLElement;
  /** Asks the hub what its rules decide for this user, and which rule it is. */
  explain(address: string, action?: "subscribe" | "publish"): Promise<Explained>;
  /** Reads from the demo's back end, with the user's token. */
  get<Answer>(path: string): Promise<Answer>;
  /**
   * Tells the back end to do something.
   *
   * While the network is away it waits and sends the same again; what makes that harmless is an id in the body. Fails with
   * {@link Refusal} when the back end says no.
   */
  post<Answer>(path: string, body: object): Promise<Answer>;
  /** The same with another method: `PUT`, `PATCH` or `DELETE`. */
  send<Answer>(method: string, path: string, body?: object): Promise<Answer>;
}

/** What the hub answers to who asks why. */
export interface Explained {
  readonly allowed: boolean;
  /** The pattern of the rule that decided. */
  readonly rule?: string;
  readonly expression?: string;
  readonly reason: string;
}

interface Login {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>> & {
    readonly sub: string;
    readonly name: string;
  };
}

/** Opens the pane of the user that the page's address names. */
export async function openPane<Events = EventMap>(demo: string): Promise<Pane<Events>> {
  const query = new URLSearchParams(location.search);
  const [user, space] = [query.get("user") ?? "", query.get("space") ?? "acme"];
  const { nodes } = await fetchJson<{ nodes: readonly { url: string }[] }>("/demo/api/hub");
  const logIn = (): Promise<Login> =>
    fetchJson(`/demo/login?demo=${demo}&user=${user}&space=${space}`);
  const { claims, token: first } = await logIn();
  let token = first;
  document.documentElement.dir = query.get("dir") ?? "ltr";
  const urls = nodes.map(({ url }) => url);
  const lab = createLab(urls, Number(query.get("node") ?? 0));
  const listeners = new Set<() => void>();
  const ledgers: Ledger[] = [];
  let recovered = 0;

  const changed = (): void => {
    for (const listener of listeners) {
      listener();
    }
  };
  lab.subscribe((frame) => {
    recovered += frame?.way === "in" ? recoveredEvents(frame.text) : 0;
    changed();
  });

  const real = new Hub<Events>(new URL(`${urls[0] ?? ""}/eventbus`, location.href).href, {
    token: async (reason) => {
      if (reason !== "connect" || lab.frames.length > 0) {
        token = (await online(logIn)).token;
      }
      return token;
    },
    transports: [webSocket(lab.WebSocket)],
  });
  real.connection.subscribe(changed);
  const online = <T>(call: () => Promise<T>): Promise<T> =>
    lab.isCut ? Promise.reject(new TypeError("the network is cut")) : call();
  const authorized = (): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });
  const path = (rest: string): string => `/demo/api/${demo}/${space}${rest}`;

  const handle: PaneHandle = {
    user,
    name: claims.name,
    lab,
    nodes: urls,
    connection: () => real.connection.get(),
    ledgers: () => ledgers.map((each) => each.view()),
    recovered: () => recovered,
    async count() {
      lab.ping();
      const base = urls[lab.node] ?? "";
      for (const each of ledgers.filter(({ isLive }) => isLive)) {
        const counts = await online(() =>
          fetchJson<{ last?: string; delivery: string }>(
            `${base}/api/v1/addresses/${encodeURIComponent(each.address)}`,
            { headers: authorized() },
          ),
        ).catch(() => undefined);
        if (counts) {
          each.server(counts.last, counts.delivery);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actions: new Map(),
  };
  window.pane = handle;
  const root = document.body.appendChild(h("main", { class: "pane" }));
  document.title = claims.name;

  const send = async <Answer>(method: string, rest: string, body: object = {}): Promise<Answer> => {
    for (;;) {
      try {
        return await online(() =>
          fetchJson(path(rest), {
            method,
            headers: { ...authorized(), "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
        );
      } catch (failure) {
        if (failure instanceof Refusal) {
          throw failure;
        }
        await change(real.connection, lab);
      }
    }
  };

  return {
    hub: Object.assign(real, { subscribe: counted(real.subscribe, ledgers, changed) }),
    user: claims.sub,
    name: claims.name,
    space,
    claims,
    handle,
    root,
    explain: (address, action = "subscribe") =>
      fetchJson(`${urls[lab.node] ?? ""}/api/v1/explain`, {
        method: "POST",
        headers: { ...authorized(), "content-type": "application/json" },
        body: JSON.stringify({ address, action }),
      }),
    get: (rest) => online(() => fetchJson(path(rest), { headers: authorized() })),
    post: (rest, body) => send("POST", rest, body),
    send,
  };
}

/** Returns what a readable holds, as soon as it holds something. */
export function loaded<T>(readable: Readable<T | undefined>): Promise<T> {
  return new Promise((resolve) => {
    const look = (): void => {
      const value = readable.get();
      if (value !== undefined) {
        off();
        resolve(value);
      }
    };
    const off = readable.subscribe(look);
    look();
  });
}

/** Subscribes like the hub does, and keeps a ledger of what the application is given. */
function counted<Events>(
  subscribe: Hub<Events>["subscribe"],
  ledgers: Ledger[],
  changed: () => void,
): Hub<Events>["subscribe"] {
  return (address, handlers = {}) => {
    const ledger = new Ledger(address);
    if (handlers.onEvent ?? handlers.on) {
      ledgers.push(ledger);
    }
    const counting: Handlers<Events> = {
      onEvent(event, position) {
        ledger.event(event, position);
        handlers.onEvent?.(event, position);
        changed();
      },
      async onGap(gap) {
        const position: Position | undefined = (await handlers.onGap?.(gap)) ?? gap.position;
        if (gap.reason === "initial") {
          ledger.begin(position);
        } else {
          ledger.snapshot(position);
        }
        changed();
        return position;
      },
      onState(state, error) {
        if (state === "live" && handlers.recent === undefined && !handlers.initial) {
          ledger.begin(subscription.position);
        }
        ledger.isLive = state === "live";
        handlers.onState?.(state, error);
        changed();
      },
    };
    const subscription: Subscription = subscribe(address, Object.assign({}, handlers, counting));
    return subscription;
  };
}

/** Ends at the next change of the connection or of the lab. */
function change(connection: Hub["connection"], lab: Lab): Promise<void> {
  return new Promise((resolve) => {
    const offs = [connection.subscribe(done), lab.subscribe(done)];
    function done(): void {
      for (const off of offs) {
        off();
      }
      resolve();
    }
  });
}

function recoveredEvents(frame: string): number {
  if (!frame.includes('"hub.recovered"')) {
    return 0;
  }
  const { message } = JSON.parse(frame) as { message?: { events?: number } };
  return message?.events ?? 0;
}
