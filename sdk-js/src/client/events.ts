import type { HubEvent } from "../protocol/frames.js";

/** Types of events and what their payloads are; an application writes one and everything is typed by it. */
export type EventMap = Readonly<Record<string, unknown>>;

/** The types that a map names. */
export type TypeOf<Events> = keyof Events & string;

/** Any event of a map; its `type` tells which. */
export type AnyEvent<Events> = {
  readonly [Type in TypeOf<Events>]: HubEvent<Events[Type]> & { readonly type: Type };
}[TypeOf<Events>];

/** The event of one type. */
export type EventOf<Events, Type extends TypeOf<Events>> = HubEvent<Events[Type]> & {
  readonly type: Type;
};
