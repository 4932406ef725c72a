import type { ClientFrame, Position, ServerFrame } from "../../src/index.js";
import { FakeLog, type LoggedEvent } from "./fake-log.js";
import { FakeSocket, type FakeServer } from "./fake-socket.js";

/** One client as the fake hub sees it. */
export interface FakeSession {
  readonly socket: FakeSocket;
  readonly addresses: Set<string>;
  loggedIn: boolean;
  user: string;
}

/** A frame that the hub was sent, and on which connection, counted from 0. */
export interface Heard {
  readonly connection: number;
  readonly frame: ClientFrame;
}

/**
 * A hub in the test's own process that speaks the protocol as `hub/PROTOCOL.md` tells it.
 *
 * It keeps logs and answers by itself; what a test wants otherwise it says in `script`. Time is the fake clock's.
 */
export class FakeHub implements FakeServer {
  readonly heard: Heard[] = [];
  readonly sessions: FakeSession[] = [];
  readonly urls: string[] = [];
  readonly logs: Map<string, FakeLog> = new Map<string, FakeLog>();
  /** Decides about a frame before the hub does; true: nothing more happens. */
  script: (frame: ClientFrame, session: FakeSession) => boolean = () => false;
  /** Whether new sockets are let in. */
  letIn = true;
  /** Whether a connection without a token is served. */
  anonymous = true;
  /** Tells what a token is good for: a user and an end, or nothing. */
  tokens: (token: string) => { user: string; expiresAt: number | null } | undefined = (token) => ({
    user: token,
    expiresAt: null,
  });
  latency: () => number = () => 1;

  /** The class of sockets that lead here. */
  get WebSocket(): new (url: string) => FakeSocket {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const hub = this;
    return class extends FakeSocket {
      constructor(url: string) {
        super(url, hub);
        hub.urls.push(url);
      }
    };
  }

  /** Returns the sessions that are open. */
  get open(): readonly FakeSession[] {
    return this.sessions.filter((session) => !session.socket.isOver);
  }

  /** Returns the frames of one type that were heard, of one connection or of all. */
  frames<Type extends ClientFrame["type"]>(
    type: Type,
    connection?: number,
  ): readonly Extract<ClientFrame, { type: Type }>[] {
    return this.heard
      .filter((each) => connection === undefined || each.connection === connection)
      .map((each) => each.frame)
      .filter((frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type);
  }

  log(address: string): FakeLog {
    const known = this.logs.get(address);
    if (known) {
      return known;
    }
    const log = new FakeLog();
    this.logs.set(address, log);
    return log;
  }

  /** Appends an event and delivers it, as a service's publish does. */
  publish(address: string, payload: unknown, id?: string): LoggedEvent {
    const body = { id: id ?? `s-${String(Math.random())}`, type: "counted", payload };
    const event = this.log(address).append(body, id);
    if (event.fresh) {
      this.fanOut(address, event);
    }
    return event;
  }

  /** Sends a frame to every client. */
  tellAll(frame: ServerFrame): void {
    for (const { socket } of this.open) {
      socket.deliver(JSON.stringify(frame));
    }
  }

  /** Closes every connection with a code. */
  closeAll(code: number, reason = ""): void {
    for (const { socket } of this.open) {
      socket.end(code, reason);
    }
  }

  /** Breaks every connection. */
  cutAll(): void {
    for (const { socket } of this.open) {
      socket.cut();
    }
  }

  opened(socket: FakeSocket): void {
    if (!this.letIn) {
      socket.cut();
      return;
    }
    this.sessions.push({ socket, addresses: new Set(), loggedIn: this.anonymous, user: "" });
    socket.accept();
  }

  received(socket: FakeSocket, text: string): void {
    const session = this.sessions.find((each) => each.socket === socket);
    if (!session) {
      return;
    }
    for (const frame of [JSON.parse(text)].flat() as ClientFrame[]) {
      this.heard.push({ connection: this.sessions.indexOf(session), frame });
      if (!this.script(frame, session)) {
        this.take(frame, session);
      }
    }
  }

  /** Refuses what a frame asks for. */
  refuse(
    session: FakeSession,
    about: string | undefined,
    failureType: string,
    details: Record<string, unknown> = {},
  ): void {
    const frame = { type: "err", failureCode: 0, failureType, message: `told: ${failureType}` };
    session.socket.deliver(JSON.stringify({ ...frame, ...(about && { address: about }), details }));
  }

  private take(frame: ClientFrame, session: FakeSession): void {
    switch (frame.type) {
      case "ping":
        session.socket.deliver('{"type":"pong"}');
        break;
      case "register":
        this.register(frame.address, frame.headers ?? {}, session);
        break;
      case "unregister":
        session.addresses.delete(frame.address);
        break;
      case "send":
        this.send(frame, session);
        break;
      case "publish":
        this.fanOut(frame.address, { body: frame.body, position: undefined });
        break;
    }
  }

  private send(frame: Extract<ClientFrame, { type: "send" }>, session: FakeSession): void {
    const { address, body, replyAddress = "" } = frame;
    if (address === "hub.auth") {
      this.login((body as { token: string }).token, replyAddress, session);
    } else if (!session.loggedIn) {
      this.refuse(session, replyAddress, "NOT_LOGGED_IN");
    } else {
      const { id } = body as { id: string };
      const event = this.log(address).append(body, id);
      this.reply(session, replyAddress, { id, position: event.position, duplicate: !event.fresh });
      if (event.fresh) {
        this.fanOut(address, event);
      }
    }
  }

  /** Answers a signal and passes it on, but not back. */
  signal(session: FakeSession, frame: Extract<ClientFrame, { type: "send" }>): void {
    const { address, replyAddress = "", body } = frame;
    this.reply(session, replyAddress, { id: "s", duplicate: false });
    for (const other of this.open) {
      if (other !== session && other.addresses.has(address)) {
        this.deliver(other, address, { body, position: undefined });
      }
    }
  }

  /** Answers a call. */
  reply(session: FakeSession, address: string, body: unknown): void {
    session.socket.deliver(JSON.stringify({ type: "rec", address, body }));
  }

  private login(token: string, replyAddress: string, session: FakeSession): void {
    const who = this.tokens(token);
    if (who) {
      session.loggedIn = true;
      session.user = who.user;
      this.reply(session, replyAddress, who);
    } else {
      this.refuse(session, replyAddress, "NOT_LOGGED_IN");
      if (!session.loggedIn) {
        session.socket.end(4401, "bad token");
      }
    }
  }

  private register(
    address: string,
    headers: Readonly<Record<string, string | undefined>>,
    session: FakeSession,
  ): void {
    if (!session.loggedIn) {
      this.refuse(session, address, "NOT_LOGGED_IN");
      return;
    }
    const log = this.log(address);
    session.addresses.add(address);
    const missed = log.read(headers["position"] as Position | undefined, headers["recent"]);
    if ("reason" in missed) {
      this.refuse(session, address, "POSITION_LOST", { ...missed, snapshot: true });
    } else {
      for (const event of missed.events) {
        this.deliver(session, address, event);
      }
    }
    this.subscribed(session, address);
  }

  /** Delivers the newest events of an address once more. */
  repeat(session: FakeSession, address: string, count: number): void {
    const again = this.log(address).read(undefined, String(count));
    if (session.addresses.has(address) && "events" in again) {
      for (const event of again.events) {
        this.deliver(session, address, event);
      }
    }
  }

  /** Tells that a subscription is live. */
  subscribed(session: FakeSession, address: string): void {
    const log = this.log(address);
    const message = { address, position: log.head, ...(log.latest && { delivery: "latest" }) };
    session.socket.deliver(JSON.stringify({ event: "hub.subscribed", message }));
  }

  private fanOut(address: string, event: Pick<LoggedEvent, "body" | "position">): void {
    for (const session of this.open) {
      if (session.addresses.has(address)) {
        this.deliver(session, address, event);
      }
    }
  }

  private deliver(
    { socket }: FakeSession,
    address: string,
    { body, position }: { readonly body: unknown; readonly position: Position | undefined },
  ): void {
    const headers = position && { position };
    socket.deliver(JSON.stringify({ type: "rec", address, ...(headers && { headers }), body }));
  }
}
