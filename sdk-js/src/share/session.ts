import type { Member } from "../client/addresses.js";
import type { Hub } from "../client/hub.js";
import { createServer, errFrame, type Server, type Told } from "../connection/serve.js";
import { hubError, type HubError } from "../protocol/hub-error.js";
import { isIn } from "../protocol/position.js";

/** So many own events are remembered until they come by, so as not to be echoed. */
const mostMuted = 500;

/**
 * Serves one tab as the hub would, from the one connection of the tab that leads.
 *
 * @param showToken hands over the tab's token; ends when the connection is online with one
 */
export function createSession(
  hub: Pick<Hub, "connection" | "wire" | "connect">,
  tell: (frame: Told) => void,
  showToken: (token: string) => Promise<void>,
): Server {
  const { join, call, isOnline } = hub.wire;
  const muted = new Set<unknown>();

  const idOf = (body: unknown): unknown => (body as { id?: unknown } | null)?.id;

  return createServer(
    tell,
    (address, headers) => {
      let at = headers.position;
      const refused = (error: HubError): void => tell(errFrame(address, error));
      const member: Member = {
        recent: Number(headers.recent ?? 0),
        presence: !!headers.presence,
        at: () => at,
        event(body, position) {
          if (isIn(position, at)) {
            return;
          }
          at = position ?? at;
          if (!muted.delete(idOf(body))) {
            tell({ type: "rec", address, body, headers: { position } });
          }
        },
        live(position, latest) {
          at ??= position;
          const delivery = latest && { delivery: "latest" };
          tell({ event: "hub.subscribed", message: { address, position, ...delivery } });
        },
        lost(error) {
          at = error.details.position;
          refused(error);
        },
        refused,
        notice(event, message) {
          tell({ event, message });
        },
      };
      return join(address, member);
    },
    (token, answer) => {
      void showToken(token).then(() => {
        const { user, expiresAt } = hub.connection.get();
        answer(undefined, { user, expiresAt });
      });
    },
    ({ address, body, headers }, answer) => {
      if (!isOnline()) {
        // Nobody may have needed a connection before.
        hub.connect();
        answer(hubError("UNAVAILABLE"));
        return;
      }
      const id = idOf(body);
      if (headers?.echo && id !== undefined) {
        // The other tabs want it, and the hub cannot tell them from this one.
        muted.add(id);
        if (muted.size > mostMuted) {
          muted.delete(muted.values().next().value);
        }
      }
      call(address, body, { ...headers, echo: undefined }, answer);
    },
  );
}
