import type { HubOptions } from "../client/hub.js";
import type { Transport, TransportListener } from "../connection/transport.js";
import { webSocket } from "../connection/websocket.js";
import { randomId } from "../lib/random-id.js";
import type { ClientFrame } from "../protocol/frames.js";
import { lead, type Message } from "./lead.js";

/** What a tab has of the connection; whoever leads knows by a lock of the same name that it is there. */
interface Share {
  readonly id: string;
  readonly listener: TransportListener;
  isHeld?: boolean;
  isOpen?: boolean;
}

/** Holds a lock, once it is granted, until the signal is aborted. */
function hold(name: string, signal: AbortSignal, granted: () => void): void {
  navigator.locks
    .request(name, { signal }, () => {
      granted();
      return new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
      });
    })
    // It is aborted before it was granted.
    .catch(() => undefined);
}

/**
 * One connection for all tabs of a browser.
 *
 * One tab leads: it has the connection, and serves the others, and itself, over a `BroadcastChannel`. When it is closed
 * or frozen another one leads, and every tab resumes there from its own positions. For the hub all tabs are one device.
 * It needs Web Locks, so a secure page; where there are none each tab has a connection of its own.
 *
 * @param name tells one connection from another; name the user in it: tabs of two users must not share one
 * @param options how the tab that leads connects
 */
export function shared(
  name: string,
  options: Pick<HubOptions, "transports" | "WebSocket"> = {},
): Transport {
  const lock = `hub ${name}`;
  const alone = options.transports?.[0] ?? webSocket(options.WebSocket);
  let channel: BroadcastChannel | undefined;
  let share: Share | undefined;

  const say = (message: Message): void => channel?.postMessage(message);

  /** Only once the lock is held: whoever leads takes a link without one for gone. */
  const open = (): void => {
    if (share?.isHeld) {
      say({ from: share.id });
    }
  };

  const lose = (): void => share?.listener.close(1006, "");

  const take = ({ data: { from, to, tell, told } }: MessageEvent<Message>): void => {
    if (tell && share && to === share.id) {
      share.isOpen = true;
      (share.listener[tell] as (...told: unknown[]) => void)(...(told ?? []));
    } else if (!from && !to) {
      // Another tab leads: what the one before had for this one is gone.
      (share?.isOpen ? lose : open)();
    }
  };

  /** Listens, and lines up to lead, for as long as the page is awake. */
  const awake = (url: string): void => {
    const asleep = new AbortController();
    const { signal } = asleep;
    let resign: (() => void) | undefined;
    channel = new BroadcastChannel(lock);
    channel.onmessage = take;
    hold(lock, signal, () => {
      resign = lead(lock, url, options);
    });
    const sleep = (): void => {
      lose();
      resign?.();
      channel?.close();
      channel = undefined;
      asleep.abort();
    };
    addEventListener("pagehide", sleep, asleep);
    document.addEventListener("freeze", sleep, asleep);
  };

  return (url, listener) => {
    if (!(navigator as Partial<Navigator>).locks) {
      return alone(url, listener);
    }
    if (!channel) {
      awake(url);
    }
    const closed = new AbortController();
    const mine: Share = (share = { id: lock + randomId(), listener });
    hold(mine.id, closed.signal, () => {
      mine.isHeld = true;
      open();
    });
    return {
      send(text) {
        say({ from: mine.id, frame: JSON.parse(text) as ClientFrame });
      },
      close() {
        closed.abort();
        if (mine === share) {
          share = undefined;
        }
      },
    };
  };
}
