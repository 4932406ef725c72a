import { model } from "@hubbub/client";
import {
  HubProvider,
  useModel,
  usePresence,
  useSignal,
  useSubscription,
} from "@hubbub/client/react";
import { StrictMode, useState, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { loaded, openPane } from "../shell/pane.ts";
import type { InboxEvents, Looking, Resource, Resources } from "./contract.ts";
import { applyChange, loadInbox } from "./resources.ts";

const pane = await openPane<InboxEvents>("inbox");
const { hub, space, user, handle } = pane;
const inbox = model<Resources, InboxEvents>(hub, `inbox:${space}`, {
  load: () => loadInbox(pane),
  apply: applyChange,
});

/** A reply as it stands here: the hub's once it is safe. */
interface Message {
  readonly id: string;
  readonly actor: string;
  readonly text: string;
  readonly state: "sending" | "safe" | "failed";
}

type Change = (
  type: "conversation.assigned" | "booking.updated",
  resource: string,
) => Promise<string>;

/** Takes a conversation, or turns a booking over: shown at once, and for good when the back end agrees. */
const change: Change = (type, resource) => {
  const isBooking = type === "booking.updated";
  const status = inbox.get()?.get(resource)?.status === "confirmed" ? "cancelled" : "confirmed";
  const payload = isBooking ? { bookingId: resource, status } : { assignee: pane.name };
  const { done } = inbox.mutate(type, payload, {
    resourceId: resource,
    send: (id, version) =>
      pane.post(isBooking ? "/booking" : "/assign", { id, resource, version, ...payload }),
  });
  return done.then(
    () => `${pane.name} has it.`,
    (failure: unknown) =>
      `${pane.name} was told: ${failure instanceof Error ? failure.message : "refused"}.`,
  );
};

handle.actions.set("ready", () => loaded(inbox).then(() => "ready"));

function Inbox(): ReactNode {
  const [open, setOpen] = useState("c1");
  const [prices, setPrices] = useState<ReadonlyMap<string, number>>(new Map());
  const [said, setSaid] = useState("");
  const resources = useModel(inbox);
  useSubscription<InboxEvents>(`bookings:${space}:billing`, {
    recent: 50,
    on: {
      "booking.priced": ({ resourceId = "", payload }) => {
        setPrices((before) => new Map(before).set(resourceId, payload.euro));
      },
    },
  });
  handle.actions.set("take", () => change("conversation.assigned", open));
  handle.actions.set("guest", () =>
    pane.post("/customer", { conversation: open }).then(() => "The guest has written."),
  );
  const act: Change = (type, resource) =>
    change(type, resource).then((words) => {
      setSaid(words);
      return words;
    });
  return (
    <>
      {said !== "" && (
        <p className="banner" role="status">
          {said}
        </p>
      )}
      <ul className="conversations">
        {[...(resources?.values() ?? [])]
          .filter(({ kind }) => kind === "conversation")
          .map((each) => (
            <Row
              key={each.id}
              conversation={each}
              booking={resources?.get(each.booking ?? "")}
              price={prices.get(each.booking ?? "")}
              isOpen={each.id === open}
              onOpen={setOpen}
              change={act}
            />
          ))}
      </ul>
      <Conversation key={open} id={open} />
    </>
  );
}

interface RowProps {
  readonly conversation: Resource;
  readonly booking: Resource | undefined;
  readonly price: number | undefined;
  readonly isOpen: boolean;
  readonly onOpen: (id: string) => void;
  readonly change: Change;
}

function Row({ conversation, booking, price, isOpen, onOpen, change: act }: RowProps): ReactNode {
  const { id, customer, subject, assignee } = conversation;
  return (
    <li data-id={id}>
      <button
        type="button"
        className="open"
        aria-current={isOpen}
        onClick={() => {
          onOpen(id);
        }}
      >
        <strong>{customer}</strong>
        <span>{subject}</span>
      </button>
      <button
        type="button"
        className={`pill ${booking?.status === "confirmed" ? "ok" : "warn"}`}
        onClick={() => void act("booking.updated", booking?.id ?? "")}
      >
        {booking?.status} v{booking?.version}
      </button>
      {price !== undefined && <span className="dim price">€ {price}</span>}
      <button
        type="button"
        className="small take"
        onClick={() => void act("conversation.assigned", id)}
      >
        {assignee ?? "Take it"}
      </button>
    </li>
  );
}

function Conversation({ id }: { readonly id: string }): ReactNode {
  const address = `inbox:${space}:conv:${id}`;
  const [text, setText] = useState("");
  const [messages, setMessages] = useState<ReadonlyMap<string, Message>>(new Map());
  const [draft, setDraft] = useState<string>();
  const { members } = usePresence<Looking>(address, { view: text === "" ? "reading" : "replying" });
  const [typing, sendTyping] = useSignal<true>(`inbox:${space}:typing:${id}`, "typing", {
    every: 1_000,
    ttl: 2_000,
  });
  useSubscription<InboxEvents>(address, {
    recent: 50,
    on: {
      "message.created": ({ id: at, actorId: actor = "", payload }) => {
        setMessages((before) => {
          const after = new Map(before);
          // What was shown as sending is now where the hub has put it.
          after.delete(at);
          return after.set(at, { id: at, actor, text: payload.text, state: "safe" });
        });
      },
    },
  });
  useSubscription<InboxEvents>(`inbox:${space}:drafts:${id}`, {
    on: {
      "draft.suggested": ({ payload }) => {
        setDraft(payload.text);
      },
    },
  });

  const reply = async (words: string, at: string = crypto.randomUUID()): Promise<string> => {
    const put = (state: Message["state"]): void => {
      setMessages((before) =>
        before.get(at)?.state === "safe"
          ? before
          : new Map(before).set(at, { id: at, actor: user, text: words, state }),
      );
    };
    put("sending");
    try {
      const { duplicate } = await hub.publish(
        address,
        "message.created",
        { text: words },
        { id: at },
      );
      return duplicate ? "The second one was a duplicate: it is there once." : "Sent.";
    } catch (failure) {
      put("failed");
      return failure instanceof Error ? failure.message : "failed";
    }
  };
  handle.actions.set("twice", async () => {
    const at = crypto.randomUUID();
    await reply("Sent twice, there once.", at);
    return reply("Sent twice, there once.", at);
  });

  const others = [...members.values()].filter((each) => each.user !== user);
  const writers = [...typing.values()]
    .map((each) => each.user ?? "")
    .filter((each) => each !== user);
  return (
    <>
      <div className="people" role="status">
        <span className="dim">
          {others.length === 0 && "Nobody else is here."}
          {others
            .map(({ user: who, claims, devices, state }) => {
              const name = typeof claims?.["name"] === "string" ? claims["name"] : who;
              const where = devices.length > 1 ? ` on ${String(devices.length)} devices` : "";
              return state?.view === "replying"
                ? `${name} is replying, too`
                : `${name} is viewing this conversation${where}`;
            })
            .join(", ")}
        </span>
      </div>
      <ol className="thread" tabIndex={0} aria-label="Messages">
        {[...messages.values()].map(({ id: at, actor, text: words, state }) => (
          <li key={at} className={`message ${actor === user ? "mine" : "guest"} ${state}`}>
            <span className="bubble">
              {words}
              {state !== "safe" && <small>{state === "failed" ? "not sent" : "sending…"}</small>}
            </span>
          </li>
        ))}
      </ol>
      <p className="typing dim" role="status">
        {writers.length > 0 && `${writers.map((each) => each.split("@")[0]).join(", ")} is typing…`}
      </p>
      {draft !== undefined && (
        <button
          type="button"
          className="draft"
          onClick={() => {
            setText(draft);
          }}
        >
          Suggested: {draft}
        </button>
      )}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") {
            void reply(text.trim());
            setText("");
          }
        }}
      >
        <label className="visually-hidden" htmlFor="text">
          Reply
        </label>
        <input
          id="text"
          className="grow"
          placeholder="Reply…"
          autoComplete="off"
          maxLength={500}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            sendTyping(true);
          }}
        />
        <button className="primary">Send</button>
      </form>
    </>
  );
}

createRoot(pane.root).render(
  <StrictMode>
    <HubProvider hub={hub}>
      <Inbox />
    </HubProvider>
  </StrictMode>,
);
