import type { AnyEvent, Position, Snapshot } from "@hubbub/client";
import type { Pane } from "../shell/pane.ts";
import type { InboxEvents, Resource, Resources } from "./contract.ts";

/** Loads conversations and bookings from the back end, with the position after which events tell more. */
export async function loadInbox(pane: Pane<InboxEvents>): Promise<Snapshot<Resources>> {
  const { resources, position } = await pane.get<{
    readonly resources: readonly Resource[];
    readonly position?: Position;
  }>("");
  return {
    state: new Map(resources.map((each) => [each.id, each])),
    versions: Object.fromEntries(resources.map(({ id, version }) => [id, version])),
    position,
  };
}

/** Takes in what happened to one of them; the payload holds the fields that changed. */
export function applyChange(state: Resources, event: AnyEvent<InboxEvents>): Resources {
  const { resourceId = "", resourceVersion = 0, payload } = event;
  const before = state.get(resourceId);
  return before
    ? new Map(state).set(resourceId, { ...before, ...payload, version: resourceVersion })
    : state;
}
