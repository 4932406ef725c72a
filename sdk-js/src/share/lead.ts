import { Hub, type HubOptions } from "../client/hub.js";
import type { Server, Told } from "../connection/serve.js";
import type { TransportListener } from "../connection/transport.js";
import type { ClientFrame } from "../protocol/frames.js";
import { createSession } from "./session.js";

/**
 * What tabs say to each other.
 *
 * A tab says `from` which link a frame is, or without one that the link is there. The tab that leads says `to` which
 * link what it tells is, or without one that it leads.
 */
export interface Message {
  readonly from?: string;
  readonly frame?: ClientFrame;
  readonly to?: string;
  readonly tell?: keyof TransportListener;
  readonly told?: readonly (string | number)[];
}

/**
 * Connects to the hub, and serves the links of all tabs from that connection.
 *
 * @param name of the channel on which tabs speak
 * @returns ends it
 */
export function lead(
  name: string,
  url: string,
  options: Pick<HubOptions, "transports" | "WebSocket">,
): () => void {
  const sessions = new Map<string, Server>();
  const channel = new BroadcastChannel(name);
  let token: string | undefined;
  const hub = new Hub(url, { ...options, token: () => token });
  const { connection, wire } = hub;

  const say = (message: Message): void => channel.postMessage(message);

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

  const end = (id: string): void => {
    sessions.get(id)?.end();
    sessions.delete(id);
  };

  const needsToken = (): boolean => connection.get().error?.code === "NOT_LOGGED_IN";

  // A tab is as connected as this is, and shows a better token when it is asked to.
  connection.subscribe(({ state }) => {
    if (state === "denied" || state === "reconnecting") {
      const code = needsToken() ? 4401 : state === "denied" ? 4403 : 1006;
      for (const to of sessions.keys()) {
        end(to);
        say({ to, tell: "close", told: [code, ""] });
      }
    }
  });

  channel.onmessage = ({ data: { from = "", frame } }: MessageEvent<Message>) => {
    if (frame) {
      sessions.get(from)?.receive(frame);
    } else if (from && !sessions.has(from)) {
      const tell = (frame: Told): void =>
        say({ to: from, tell: "message", told: [JSON.stringify(frame)] });
      sessions.set(from, createSession(hub, tell, showToken));
      void when(() => !connection.get().state.endsWith("ing") || needsToken()).then(() => {
        say({ to: from, tell: "open" });
      });
      // It is granted when the link is closed, or its page gone, however it went.
      void navigator.locks.request(from, () => {
        end(from);
      });
    }
  };
  say({});

  return () => {
    sessions.clear();
    hub.close();
    channel.close();
  };
}
