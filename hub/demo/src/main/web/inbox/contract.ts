/** What is told about the inbox, and what its pages know of it. */
export interface InboxEvents {
  "message.created": { readonly text: string };
  "conversation.assigned": { readonly assignee: string };
  "booking.updated": { readonly bookingId: string; readonly status: string };
  "booking.priced": { readonly euro: number };
  "draft.suggested": { readonly text: string };
}

/** A conversation or a booking, with its version. */
export interface Resource {
  readonly kind: "conversation" | "booking";
  readonly id: string;
  readonly version: number;
  readonly customer?: string;
  readonly subject?: string;
  readonly booking?: string;
  readonly assignee?: string;
  readonly status?: string;
}

export type Resources = ReadonlyMap<string, Resource>;

/** What a person in a conversation is doing there. */
export interface Looking {
  readonly view: "reading" | "replying";
}
