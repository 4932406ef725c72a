import { Hub, type HubOptions } from "../client/hub.js";
import type { Server } from "../connection/serve.js";
import type { ClientFrame, ServerFrame } from "../protocol/frames.js";
import { createSession } from "./session.js";

/** What tabs say to each other; what has no `to` is for the tab that leads, but for `lead`, by which it says so. */
export type Message =
  | { readonly type: "lead" }
  | { readonly type: "open" | "end"; readonly from: string }
  | { readonly type: "frame"; readonly from: string; readonly frame: ClientFrame }
  | { readonly type: "opened"; readonly to: string }
  | { readonly type: "closed"; readonly to: string; readonly code: number }
  | { readonly type: "rec"; readonly to: string; readonly frame: ServerFrame };

/** What the tab that leads does for all of them, itself included. */
export interface Lead {
  take(message: Message): void;
  end(): void;
}

/**
 * Connects to the hub, and serves tabs from that connection.
 *
 * @param lock begins the names of the locks that tabs hold while they are there
 */
export function createLead(
  lock: string,
  url: string,
  options: Pick<HubOptions, "transports" | "WebSocket">,
  tell: (message: Message) => void,
): Lead {
  const sessions = new Map<string, Server>();
  let token: string | undefined;
  const hub = new Hub(url, { ...options, token: () => token });
  const { connection, wire } = hub;

  const when = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (condition()) {
          off();
          resolve();
        }
      };
      const off = connection.subscribe(look);
      look();
    });

  const showToken = (shown: string): Promise<void> => {
    const isNew = token !== shown;
    token = shown;
    if (!wire.isOnline()) {
      hub.connect();
    } else if (isNew) {
      void hub.refreshToken();
    }
    return when(wire.isOnline);
  };

  const end = (id: string, code?: number): void => {
    sessions.get(id)?.end();
    if (sessions.delete(id) && code) {
      tell({ type: "closed", to: id, code });
    }
  };

  const needsToken = (): boolean => connection.get().error?.code === "NOT_LOGGED_IN";

  // A tab is as connected as this is, and shows a better token when it is asked to.
  connection.subscribe(({ state }) => {
    if (state === "denied" || state === "reconnecting") {
      const code = needsToken() ? 4401 : state === "denied" ? 4403 : 1006;
      for (const id of [...sessions.keys()]) {
        end(id, code);
      }
    }
  });

  return {
    take(message) {
      if (message.type === "open" && !sessions.has(message.from)) {
        const to = message.from;
        const session: Server = createSession(
          hub,
          (frame) => {
            if (sessions.get(to) === session) {
              tell({ type: "rec", to, frame });
            }
          },
          showToken,
        );
        sessions.set(to, session);
        void when(() => !connection.get().state.endsWith("ing") || needsToken()).then(() => {
          tell({ type: "opened", to });
        });
        // It is granted when the page is gone, however it went.
        void navigator.locks.request(`${lock} ${to.replace(/\..*/, "")}`, () => {
          end(to);
        });
      } else if (message.type === "frame") {
        void sessions.get(message.from)?.receive(message.frame);
      } else if (message.type === "end") {
        end(message.from);
      }
    },
    end() {
      sessions.clear();
      hub.close();
    },
  };
}
