import type { HubOptions } from "../client/hub.js";
import type { Transport, TransportListener } from "../connection/transport.js";
import { webSocket } from "../connection/websocket.js";
import { randomId } from "../lib/random-id.js";
import type { ClientFrame } from "../protocol/frames.js";
import { createLead, type Lead, type Message } from "./lead.js";

/**
 * One connection for all tabs of a browser.
 *
 * One tab leads: it has the connection, and serves the others over a `BroadcastChannel`. When it is closed or frozen
 * another one leads, and every tab resumes there from its own positions. For the hub all tabs are one device. It needs
 * Web Locks, so a secure page; where there are none each tab has a connection of its own.
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
  let page = "";
  let count = 0;
  let url = "";
  let channel: BroadcastChannel | undefined;
  let asleep = new AbortController();
  let lead: Lead | undefined;
  let isHeld = false;
  let link:
    { readonly id: string; readonly listener: TransportListener; open?: boolean } | undefined;

  const end = (code: number): void => {
    const ended = link;
    if (ended) {
      link = undefined;
      say({ type: "end", from: ended.id });
      ended.listener.close(code, "");
    }
  };

  /** To the tab that leads, which may be this one. */
  const say = (message: Message): void => {
    if (lead) {
      lead.take(message);
    } else {
      channel?.postMessage(message);
    }
  };

  /** Only once the page holds its lock: whoever leads takes a page without one for gone. */
  const open = (): void => {
    if (link && isHeld) {
      say({ type: "open", from: link.id });
    }
  };

  const take = (message: Message): void => {
    if (message.type === "lead") {
      if (link?.open) {
        // What the tab that led before had for this one is gone.
        end(1006);
      } else {
        open();
      }
    } else if (!("to" in message)) {
      lead?.take(message);
    } else if (message.to === link?.id) {
      if (message.type === "opened") {
        link.open = true;
        link.listener.open();
      } else if (message.type === "closed") {
        end(message.code);
      } else {
        link.listener.message(JSON.stringify(message.frame));
      }
    }
  };

  /** From the tab that leads, if that is this one. */
  const tell = (message: Message): void => {
    if ("to" in message && message.to.startsWith(page)) {
      queueMicrotask(() => {
        take(message);
      });
    } else {
      channel?.postMessage(message);
    }
  };

  /** Lines up to lead, and holds a lock for as long as the page is awake, by which the others notice its end. */
  const awake = (): void => {
    const mine = (asleep = new AbortController());
    page = randomId();
    channel = new BroadcastChannel(lock);
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      take(data);
    };
    const untilAsleep = (): Promise<unknown> =>
      new Promise((resolve) => {
        mine.signal.addEventListener("abort", resolve);
      });
    const hold = (which: string, then: () => void): void => {
      navigator.locks
        .request(which, { signal: mine.signal }, () => {
          then();
          return untilAsleep();
        })
        // It slept before it got the lock.
        .catch(() => undefined);
    };
    hold(`${lock} ${page}`, () => {
      isHeld = true;
      open();
    });
    hold(lock, () => {
      lead = createLead(lock, url, options, tell);
      const message: Message = { type: "lead" };
      channel?.postMessage(message);
      take(message);
    });
    addEventListener("pagehide", sleep, mine);
    document.addEventListener("freeze", sleep, mine);
  };

  /** A page that sleeps neither leads nor listens; what it is told when it wakes it asks for anew. */
  const sleep = (): void => {
    const led = lead;
    end(1006);
    lead = undefined;
    led?.end();
    channel?.close();
    channel = undefined;
    isHeld = false;
    asleep.abort();
  };

  return (to, listener) => {
    if (!(navigator as Partial<Navigator>).locks) {
      return alone(to, listener);
    }
    url = to;
    if (!channel) {
      awake();
    }
    const mine = (link = { id: `${page}.${String(++count)}`, listener });
    queueMicrotask(open);
    return {
      send(text) {
        say({ type: "frame", from: mine.id, frame: JSON.parse(text) as ClientFrame });
      },
      close() {
        if (mine === link) {
          link = undefined;
          say({ type: "end", from: mine.id });
        }
      },
    };
  };
}
