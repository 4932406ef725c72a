import { store } from "../lib/readable.js";
import { reconnectDelayOf } from "../protocol/close-codes.js";
import { decodeMessage } from "../protocol/codec.js";
import type { ClientFrame } from "../protocol/frames.js";
import { hubError, retryAfter, type HubError } from "../protocol/hub-error.js";
import type {
  Answer,
  Connection,
  ConnectionInfo,
  ConnectionListener,
  ConnectionOptions,
  TokenReason,
} from "./contract.js";
import { createOutbox } from "./outbox.js";
import { watchPage } from "./page.js";
import type { Link } from "./transport.js";

/** An attempt that takes longer has failed; a connection that has lasted this long counts its attempts anew. */
const patienceMillis = 10_000;
/** The hub has this long to give a sign of life. */
const probeMillis = 4_000;
/** How often it is looked at silence and at the token's age. */
const tickMillis = 5_000;
/** After so many ticks without a message a sign of life is asked for. */
const silentTicks = 5;

/**
 * Makes a connection that stays idle until it is dialled.
 *
 * Waits between attempts are random between nothing and 250 ms, 500 ms, … 20 s, or what the hub asked for.
 */
export function createConnection(
  url: string,
  { token, transports }: ConnectionOptions,
  listener: ConnectionListener,
): Connection {
  const info = store<ConnectionInfo>({ state: "idle", attempt: 0, queued: 0 });
  const calls = new Map<string | undefined, Answer>();
  let link: Partial<Link> | undefined;
  let barriers: ((() => void) | undefined)[] = [];
  let opened: boolean;
  let way = 0;
  let attempt = 0;
  let count = 0;
  let silent = 0;
  let renewAt: number;
  let reason: TokenReason = "connect";
  let told: number | undefined;
  let cause: HubError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ticks: ReturnType<typeof setInterval> | undefined;
  let watch: AbortController | undefined;
  const isFixed = typeof token !== "function";
  const tokenFor = isFixed ? () => token : token;

  const set = (changes: Partial<ConnectionInfo>): void => {
    info.set({ ...info.get(), ...changes });
  };
  const isOnline = (): boolean => info.get().state === "online";
  const outbox = createOutbox((frame) => link?.send?.(frame));

  const send = (frame: ClientFrame): void => outbox.add(JSON.stringify(frame));

  const call: Connection["call"] = (address, body, headers, answer = () => undefined) => {
    const replyAddress = `r${++count}`;
    calls.set(replyAddress, answer);
    send({ type: "send", address, body, headers, replyAddress });
  };

  const barrier = (passed?: () => void): void => {
    barriers.push(passed);
    send({ type: "ping" });
  };

  const probe = (): void => {
    const mine = link;
    silent++;
    barrier();
    setTimeout(() => {
      if (silent && mine === link) {
        lost();
      }
    }, probeMillis);
  };

  /** Takes an error that is about the connection itself; after one that passes it begins anew. */
  const blame = (error: HubError): void => {
    cause = error;
    if (retryAfter(error)) {
      lost();
    }
  };

  const take = (text: string, mine: object): void => {
    for (const frame of decodeMessage(text)) {
      if (mine !== link) {
        return;
      }
      silent = 0;
      const about = (frame as { readonly address?: string }).address;
      const error =
        frame.type === "err"
          ? hubError(frame.failureType, frame.message, frame.details)
          : undefined;
      const answer = calls.get(about);
      if (frame.type === "pong") {
        barriers.shift()?.();
      } else if (answer) {
        calls.delete(about);
        answer(error, (frame as { body?: unknown }).body);
      } else if (error && !about) {
        // It may be about a ping: then a barrier would never pass.
        blame(error);
      } else {
        listener.frame(frame, error);
      }
    }
  };

  /** Lets go of what there is, then says so. */
  const drop = (changes: Partial<ConnectionInfo>): void => {
    const wasOnline = isOnline();
    const open = [...calls.values()];
    link?.close?.();
    link = undefined;
    calls.clear();
    outbox.clear();
    barriers = [];
    clearTimeout(timer);
    clearInterval(ticks);
    set(changes);
    if (wasOnline) {
      listener.offline();
    }
    for (const answer of open) {
      answer(hubError("OFFLINE", undefined, { retryAfterMillis: 1 }));
    }
  };

  const lost = (code = 1006, text = "", error = cause): void => {
    if (!opened) {
      way = (way + 1) % transports.length;
    }
    if (code > 4408) {
      // Full, too large or too fast: not at once.
      attempt = Math.max(attempt, 4);
    }
    cause = undefined;
    reason = code === 4401 ? "expired" : "connect";
    told = reconnectDelayOf(text) ?? error?.details.retryAfterMillis;
    const wait = told ?? Math.random() * Math.min(20_000, 250 * 2 ** attempt);
    const refused = code === 4403 || error?.code === "ACCESS_DENIED" || (code === 4401 && isFixed);
    drop({
      state: refused ? "denied" : "reconnecting",
      attempt: ++attempt,
      error: error ?? hubError("OFFLINE", `${code} ${text}`),
      retryAt: refused ? undefined : Date.now() + wait,
    });
    // Whoever was told of it may have closed it.
    if (info.get().retryAt) {
      timer = setTimeout(dial, wait);
    }
  };

  const loggedIn = (who: Pick<ConnectionInfo, "user" | "expiresAt">): void => {
    const now = Date.now();
    renewAt = now + 0.75 * ((who.expiresAt ?? Infinity) - now);
    const isNew = !isOnline();
    set({ ...who, state: "online", error: undefined });
    if (isNew && isOnline()) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        attempt = 0;
      }, patienceMillis);
      ticks = setInterval(() => {
        if (++silent > silentTicks) {
          probe();
        }
        if (Date.now() > renewAt && !isFixed) {
          void login("refresh");
        }
      }, tickMillis);
    }
    listener.ready();
  };

  /** Shows the hub a token; `open` opens a link for it first. */
  const login = async (why: TokenReason, open?: () => Promise<void>): Promise<void> => {
    const mine = link;
    const failed = (error: HubError): void => {
      if (mine !== link) {
        return;
      }
      if (open) {
        blame(error);
      } else {
        // The old token holds until its end, and the next tick asks again.
        set({ error });
      }
    };
    try {
      const shown = await tokenFor(why);
      if (mine === link) {
        await open?.();
      }
      if (mine !== link) {
        return;
      }
      if (!shown) {
        loggedIn({});
        return;
      }
      call("hub.auth", { token: shown }, undefined, (error, who) => {
        if (error) {
          failed(error);
        } else if (mine === link) {
          loggedIn(who as object);
        }
      });
    } catch (thrown) {
      const code = (thrown as Partial<HubError> | undefined)?.code ?? "UNAVAILABLE";
      failed(hubError(code, `no token: ${String(thrown)}`));
      if (open && mine === link) {
        lost();
      }
    }
  };

  const dial = (): void => {
    if (link) {
      return;
    }
    clearTimeout(timer);
    watch ??= watchPage(wake);
    const mine: Partial<Link> = (link = {});
    set({ state: "connecting", retryAt: undefined });
    if (mine !== link) {
      return;
    }
    opened = true;
    timer = setTimeout(lost, patienceMillis);
    void login(
      reason,
      () =>
        new Promise((resolve) => {
          opened = false;
          Object.assign(
            mine,
            transports[way]?.(url, {
              open() {
                opened = true;
                resolve();
              },
              message: (text) => take(text, mine),
              close(code, text) {
                if (mine === link) {
                  lost(code, text);
                }
              },
            }),
          );
        }),
    );
  };

  const wake = (): void => {
    if (isOnline()) {
      probe();
    } else if (info.get().retryAt && told === undefined) {
      dial();
    }
  };

  return {
    info,
    isOnline,
    queued(queued) {
      set({ queued });
    },
    send,
    call,
    barrier,
    start() {
      if (info.get().state === "idle") {
        dial();
      }
    },
    connect: dial,
    wake,
    async refreshToken() {
      // Whoever is not online shows a new one anyway.
      if (isOnline()) {
        await login("refresh");
      }
    },
    close() {
      drop({ state: "closed", retryAt: undefined });
      watch?.abort();
      watch = undefined;
    },
  };
}
