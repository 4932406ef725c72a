import type { Member } from "../client/addresses.js";
import type { Hub } from "../client/hub.js";
import type { ClientFrame, ErrorDetails, ServerFrame } from "../protocol/frames.js";
import { comparePositions } from "../protocol/position.js";

/** One tab, as the tab that leads sees it: what it sends, it sends to here. */
export interface Session {
  receive(frame: ClientFrame): void;
  /** Takes out everything of the tab. */
  end(): void;
}

/** So many own events are remembered until they come by, so as not to be echoed. */
const mostMuted = 500;

/**
 * Serves a tab as the hub would, from the one connection of the tab that leads.
 *
 * @param showToken hands over the tab's token; ends when the connection is online with one
 */
export function createSession(
  hub: Pick<Hub, "connection" | "wire">,
  send: (frame: ServerFrame) => void,
  showToken: (token: string) => Promise<void>,
): Session {
  const { join, call, isOnline } = hub.wire;
  const joined = new Map<string, () => void>();
  const muted = new Set<unknown>();

  const err = (
    address: string | undefined,
    failureType: string,
    message = "",
    details: ErrorDetails = {},
  ): void => {
    send({
      type: "err",
      ...(address && { address }),
      failureCode: 0,
      failureType,
      message,
      details,
    });
  };

  const register = ({
    address,
    headers = {},
  }: Extract<ClientFrame, { type: "register" }>): void => {
    let at = headers.position;
    const member: Member = {
      recent: Number(headers.recent ?? 0),
      presence: headers.presence === "true",
      at: () => at,
      event(body, position) {
        if (position && at && comparePositions(position, at) <= 0) {
          return;
        }
        at = position ?? at;
        if (!muted.delete((body as { id?: unknown } | null)?.id)) {
          send({ type: "rec", address, body, ...(position && { headers: { position } }) });
        }
      },
      live(position, latest) {
        at ??= position;
        const delivery = latest && { delivery: "latest" };
        send({ event: "hub.subscribed", message: { address, position, ...delivery } });
      },
      lost({ code, message, details }) {
        at = details.position;
        err(address, code, message, details);
      },
      refused({ code, message, details }) {
        err(address, code, message, details);
      },
      notice(event, message) {
        send({ event, message });
      },
    };
    joined.get(address)?.();
    joined.set(address, join(address, member));
  };

  const ask = (frame: Extract<ClientFrame, { type: "send" }>): void => {
    const { address, body, headers = {}, replyAddress = "" } = frame;
    if (!isOnline()) {
      err(replyAddress, "UNAVAILABLE");
      return;
    }
    const id = (body as { id?: unknown } | null)?.id;
    if (headers.echo && id !== undefined) {
      // The other tabs want it, and the hub cannot tell them from this one.
      muted.add(id);
      if (muted.size > mostMuted) {
        muted.delete(muted.values().next().value);
      }
    }
    call(address, body, { ...headers, echo: undefined }, (error, answer) => {
      if (error) {
        err(replyAddress, error.code, error.message, error.details);
      } else {
        send({ type: "rec", address: replyAddress, body: answer });
      }
    });
  };

  return {
    receive(frame) {
      switch (frame.type) {
        case "ping":
          send({ type: "pong" });
          break;
        case "register":
          register(frame);
          break;
        case "unregister":
          joined.get(frame.address)?.();
          joined.delete(frame.address);
          break;
        case "send":
          if (frame.address === "hub.auth") {
            void showToken((frame.body as { token: string }).token).then(() => {
              const { user, expiresAt } = hub.connection.get();
              send({ type: "rec", address: frame.replyAddress ?? "", body: { user, expiresAt } });
            });
          } else {
            ask(frame);
          }
          break;
        case "publish":
          // The SDK sends none.
          break;
      }
    },
    end() {
      for (const leave of joined.values()) {
        leave();
      }
      joined.clear();
    },
  };
}
