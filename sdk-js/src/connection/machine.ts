/**
 * Where a connection stands.
 *
 * - `idle`: nothing has needed it yet
 * - `connecting`: getting a token, a socket, an answer to the login
 * - `online`: logged in
 * - `reconnecting`: waits until it dials again
 * - `denied`: the hub does not want this client back; `connect()` tries once more
 * - `closed`: the application closed it
 */
export type ConnectionState =
  "idle" | "connecting" | "online" | "reconnecting" | "denied" | "closed";

/** What moves a connection from one state to another. */
export type Step = "dial" | "ready" | "lost" | "refuse" | "stop";

/** The whole machine: where each step leads, and from which states it is taken; in any other it is ignored. */
export const steps: Readonly<
  Record<Step, readonly [to: ConnectionState, ...from: ConnectionState[]]>
> = {
  dial: ["connecting", "closed", "idle", "reconnecting", "denied"],
  ready: ["online", "connecting"],
  lost: ["reconnecting", "connecting", "online"],
  refuse: ["denied", "connecting", "online"],
  stop: ["closed", "connecting", "online", "idle", "reconnecting", "denied"],
};
