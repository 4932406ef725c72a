import { presence, store, type Position, type Presence, type Readable } from "@hubbub/client";
import type { Pane } from "../shell/pane.ts";
import type { ChatEvents, Message, Place } from "./contract.ts";

/** A message as this pane shows it; `version` is 0 until the back end has it. */
export interface Shown extends Message {
  readonly state: "sending" | "sent" | "failed";
  readonly problem?: string;
}

/** What a device tells about its user. */
export type Doing = "typing" | "reading";

interface Saved {
  readonly messages: readonly Shown[];
  readonly position: Position;
}

const kept = 200;

/** Under which key the tab keeps what this pane has seen of an address. */
export function savedAt(user: string, address: string): string {
  return `${window.name} ${user} ${address}`;
}

/** One open room or private talk: its messages, who is there, and what waits to be sent. */
export class Talk {
  readonly messages = new Map<string, Shown>();
  readonly people: Presence<Doing>;
  /** Up to which message each user has read. */
  readonly readers = new Map<string, string>();
  /** Whether the hub lets this user listen, and why not. */
  readonly denied: Readable<string | undefined>;
  private readonly refusal = store<string | undefined>(undefined);
  private readonly ends: (() => void)[];
  private sending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pane: Pane<ChatEvents>,
    readonly place: Place,
    private readonly changed: () => void,
  ) {
    const { hub } = pane;
    const saved = this.restore();
    this.denied = this.refusal;
    const messages = hub.subscribe(place.address, {
      // A page that was here before goes on from where it was; a new one begins with a snapshot.
      ...(saved ? { position: saved.position } : { initial: true }),
      onEvent: (event, position) => {
        if ("sentAt" in event.payload) {
          this.take(event.payload);
          this.save(position);
        }
      },
      onGap: () => this.load(),
      onState: (state, error) => {
        this.refusal.set(state === "denied" ? (error?.message ?? "denied") : undefined);
        changed();
        if (state === "denied") {
          void this.explain();
        }
      },
    });
    messages.ready.catch(() => undefined);
    const readers = hub.subscribe(place.address.replace(/^(chat:\w+):/, "$1:read:"), {
      on: {
        "chat.read.moved": ({ payload }) => {
          this.readers.set(payload.user, payload.message);
          changed();
        },
      },
    });
    readers.ready.catch(() => undefined);
    this.people = presence<Doing>(hub, place.address);
    this.ends = [
      this.people.subscribe(changed),
      this.people.leave,
      messages.unsubscribe,
      readers.unsubscribe,
    ];
  }

  /** Sends a message after those before it: now, or when the network is there; always with the same id. */
  send(text: string, id: string = crypto.randomUUID()): Promise<void> {
    const author = String(this.pane.claims["user"]);
    const draft = {
      id,
      author,
      text,
      sentAt: new Date().toISOString(),
      version: 0,
      deleted: false,
    };
    this.messages.delete(id);
    this.messages.set(id, { ...draft, state: "sending" });
    this.changed();
    const sent = this.sending.then(async () => {
      try {
        this.take(
          (await this.pane.post<{ message: Message }>(`${this.place.path}/messages`, { id, text }))
            .message,
        );
      } catch (failure) {
        const problem = failure instanceof Error ? failure.message : "refused";
        this.messages.set(id, { ...draft, state: "failed", problem });
        this.changed();
      }
    });
    this.sending = sent;
    return sent;
  }

  /** Changes or takes back the version of a message that this pane shows; fails when there is a newer one. */
  async change({ id, version }: Message, text: string | undefined): Promise<void> {
    const path = `${this.place.path}/messages/${id}`;
    const call =
      text === undefined
        ? this.pane.send<{ message: Message }>("DELETE", `${path}?version=${String(version)}`)
        : this.pane.send<{ message: Message }>("PATCH", path, { text, version });
    this.take((await call).message);
  }

  /** Tells the others how far this user has read. */
  async read(message: string): Promise<void> {
    await this.pane.send("PUT", `${this.place.path}/read`, { message });
  }

  /** Its room is deleted, and with it what was said there; what was not sent stays. */
  wipe(): void {
    const all = [...this.messages.values()];
    all.filter(({ state }) => state === "sent").forEach(({ id }) => this.messages.delete(id));
    this.changed();
  }

  leave(): void {
    for (const end of this.ends) {
      end();
    }
  }

  /** Adds to a refusal which rule it is that says no. */
  private async explain(): Promise<void> {
    const { allowed, rule, expression } = await this.pane.explain(this.place.address);
    if (!allowed) {
      this.refusal.set(`the rule ${rule ?? ""} asks for ${expression ?? "more"}`);
      this.changed();
    }
  }

  private take(message: Message): void {
    const known = this.messages.get(message.id);
    if (!known || known.version < message.version) {
      if (known?.version === 0) {
        // It was shown as sending; now it is where the back end has put it.
        this.messages.delete(message.id);
      }
      this.messages.set(message.id, { ...message, state: "sent" });
      this.changed();
    }
  }

  private async load(): Promise<Position | undefined> {
    const path = `${this.place.path}/messages?limit=${String(kept)}`;
    const { messages, position } = await this.pane.get<{
      messages: readonly Message[];
      position?: Position;
    }>(path);
    const waiting = [...this.messages].filter(([, { state }]) => state !== "sent");
    this.messages.clear();
    messages.forEach((each) => {
      this.take(each);
    });
    waiting
      .filter(([id]) => !this.messages.has(id))
      .forEach(([id, each]) => this.messages.set(id, each));
    this.changed();
    this.save(position);
    return position;
  }

  private key(): string {
    return savedAt(this.pane.user, this.place.address);
  }

  private save(position: Position | undefined): void {
    if (position !== undefined) {
      const messages = [...this.messages.values()]
        .filter(({ state }) => state === "sent")
        .slice(-kept);
      sessionStorage.setItem(this.key(), JSON.stringify({ messages, position } satisfies Saved));
    }
  }

  private restore(): Saved | undefined {
    const text = sessionStorage.getItem(this.key());
    const saved = text === null ? undefined : (JSON.parse(text) as Saved);
    saved?.messages.forEach((each) => this.messages.set(each.id, each));
    return saved;
  }
}
