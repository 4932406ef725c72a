import { Hub, type HubOptions } from "../client/hub.js";
import type { Transport } from "../connection/transport.js";
import type { ClientFrame, ServerFrame } from "../protocol/frames.js";
import { createSession, type Session } from "./session.js";

/** What tabs say to each other; without `to` it is for the tab that leads. */
type Message =
  | { readonly type: "lead" }
  | { readonly type: "open" | "end"; readonly from: string }
  | { readonly type: "frame"; readonly from: string; readonly frame: ClientFrame }
  | { readonly type: "opened"; readonly to: string }
  | { readonly type: "closed"; readonly to: string; readonly code: number }
  | { readonly type: "rec"; readonly to: string; readonly frame: ServerFrame };

/**
 * One connection for all tabs of a browser.
 *
 * One tab leads: it has the connection, and serves the others over a `BroadcastChannel`. When it is closed or frozen
 * another one leads, and every tab resumes there from its own positions. Where the browser has no Web Locks each tab has
 * a connection of its own. For the hub all tabs are one device.
 *
 * @param name tells one connection from another; name the user in it: tabs of two users must not share one
 * @param options how the tab that leads connects
 */
export function shared(
  name: string,
  { transports, WebSocket }: Pick<HubOptions, "transports" | "WebSocket"> = {},
): Transport {
  return (url, listener) => {
    const tab = Math.random().toString(36).slice(2);
    const channel = new BroadcastChannel(`hub ${name}`);
    const say = (message: Message): void => {
      channel.postMessage(message);
    };
    let over = false;
    let opened = false;
    let lead: Lead | undefined;

    const end = (code?: number): void => {
      if (over) {
        return;
      }
      over = true;
      say({ type: "end", from: tab });
      lead?.end();
      done();
      channel.close();
      removeEventListener("pagehide", leave);
      document.removeEventListener("freeze", leave);
      if (code !== undefined) {
        listener.close(code, "");
      }
    };
    // A page that sleeps neither leads nor listens; it comes back when it wakes.
    const leave = (): void => {
      end(1006);
    };
    let done: () => void = () => undefined;
    const whileOpen = new Promise<void>((resolve) => {
      done = resolve;
    });

    const take = (message: Message): void => {
      if (message.type === "lead") {
        if (opened) {
          // What the tab that led before had for this one is gone.
          leave();
        } else {
          say({ type: "open", from: tab });
        }
      } else if ("to" in message && message.to === tab) {
        if (message.type === "opened") {
          opened = true;
          listener.open();
        } else if (message.type === "closed") {
          end(message.code);
        } else {
          listener.message(JSON.stringify(message.frame));
        }
      } else {
        lead?.take(message);
      }
    };
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (!over) {
        take(data);
      }
    };
    addEventListener("pagehide", leave);
    document.addEventListener("freeze", leave);

    // Held as long as the tab is there, for the tab that leads to notice its end.
    void navigator.locks.request(`hub ${name} ${tab}`, () => whileOpen);
    void navigator.locks.request(`hub ${name}`, () => {
      if (over) {
        return undefined;
      }
      say({ type: "lead" });
      const hub = { transports, WebSocket };
      lead = createLead(name, url, hub, (message) => {
        if ("to" in message && message.to === tab) {
          queueMicrotask(() => {
            take(message);
          });
        } else {
          say(message);
        }
      });
      lead.take({ type: "open", from: tab });
      return whileOpen;
    });
    say({ type: "open", from: tab });

    return {
      send(text) {
        const message: Message = {
          type: "frame",
          from: tab,
          frame: JSON.parse(text) as ClientFrame,
        };
        if (lead) {
          lead.take(message);
        } else {
          say(message);
        }
      },
      close() {
        end();
      },
    };
  };
}

/** What the tab that leads does for all of them, itself included. */
interface Lead {
  take(message: Message): void;
  end(): void;
}

function createLead(
  name: string,
  url: string,
  options: Pick<HubOptions, "transports" | "WebSocket">,
  tell: (message: Message) => void,
): Lead {
  const sessions = new Map<string, Session>();
  let token: string | undefined;
  const hub = new Hub(url, {
    ...options,
    token: () => token,
  });
  const { connection } = hub;

  const showToken = (shown: string): Promise<void> => {
    const isNew = token !== shown;
    token = shown;
    if (!hub.wire.isOnline()) {
      hub.connect();
    } else if (isNew) {
      void hub.refreshToken();
    }
    return new Promise((resolve) => {
      const look = (): void => {
        if (hub.wire.isOnline()) {
          off();
          resolve();
        }
      };
      const off = connection.subscribe(look);
      look();
    });
  };

  const close = (code: number): void => {
    for (const [to, session] of sessions) {
      session.end();
      tell({ type: "closed", to, code });
    }
    sessions.clear();
  };

  // A tab is as connected as this is, and shows a better token when it is asked to.
  connection.subscribe(({ state, error }) => {
    if (error?.code === "NOT_LOGGED_IN") {
      close(4401);
    } else if (state === "denied") {
      close(4403);
    } else if (state === "reconnecting") {
      close(1006);
    }
  });

  const ready = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        const { state, error } = connection.get();
        if (!state.endsWith("ing") || error?.code === "NOT_LOGGED_IN") {
          off();
          resolve();
        }
      };
      const off = connection.subscribe(look);
      look();
    });

  return {
    take(message) {
      if (message.type === "open" && !sessions.has(message.from)) {
        const to = message.from;
        const session = createSession(
          hub,
          (frame) => {
            if (sessions.get(to) === session) {
              tell({ type: "rec", to, frame });
            }
          },
          showToken,
        );
        sessions.set(to, session);
        void ready().then(() => {
          tell({ type: "opened", to });
        });
        // It is granted when the tab is gone, however it went.
        void navigator.locks.request(`hub ${name} ${to}`, () => {
          sessions.get(to)?.end();
          sessions.delete(to);
        });
      } else if (message.type === "frame") {
        sessions.get(message.from)?.receive(message.frame);
      } else if (message.type === "end") {
        sessions.get(message.from)?.end();
        sessions.delete(message.from);
      }
    },
    end() {
      sessions.clear();
      hub.close();
    },
  };
}
