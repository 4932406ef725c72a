/** A message, as its newest version has it. */
export interface Message {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly sentAt: string;
  readonly version: number;
  readonly deleted: boolean;
}

/** A room, and the address at which the hub tells of it. */
export interface Room {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
}

/** Figures of the chat. */
export interface Stats {
  readonly rooms: number;
  readonly messages: number;
  readonly lastMinute: number;
}

/** What is told about the chat. */
export interface ChatEvents {
  readonly "chat.room.created": Room;
  readonly "chat.room.deleted": Room;
  readonly "chat.message.created": Message;
  readonly "chat.message.edited": Message;
  readonly "chat.message.deleted": Message;
  readonly "chat.read.moved": { readonly user: string; readonly message: string };
  readonly "chat.stats": Stats;
}

/** Where one writes: the path of its REST calls, and its address at the hub. */
export interface Place {
  readonly title: string;
  readonly path: string;
  readonly address: string;
}

export function roomPlace(space: string, { id, name }: Room): Place {
  return { title: `# ${name}`, path: `/rooms/${id}`, address: `chat:${space}:room:${id}` };
}

/** A private talk has one address, whoever of the two opens it. */
export function directPlace(space: string, me: string, other: string): Place {
  const pair = [me, other].sort().join(":");
  return { title: `@ ${other}`, path: `/direct/${other}`, address: `chat:${space}:dm:${pair}` };
}
