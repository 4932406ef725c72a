import {
  model,
  presence,
  signal,
  type Presence,
  type Signal,
  type Subscription,
} from "@hubbub/client";
import { avatar, fill, h } from "../shell/dom.ts";
import { loaded, openPane } from "../shell/pane.ts";
import type { InboxEvents, Looking, Resource, Resources } from "./contract.ts";
import { applyChange, loadInbox } from "./resources.ts";

const pane = await openPane<InboxEvents>("inbox");
const { hub, space, user, handle } = pane;
const prices = new Map<string, number>();
let open: Conversation | undefined;

/** A reply as it stands here: the hub's once it is safe. */
interface Message {
  readonly id: string;
  readonly actor: string;
  readonly text: string;
  readonly state: "sending" | "safe" | "failed";
}

/** What this pane follows while a conversation is open. */
interface Conversation {
  readonly id: string;
  readonly messages: Map<string, Message>;
  readonly subscriptions: readonly Subscription[];
  readonly people: Presence<Looking>;
  readonly typing: Signal<true>;
  draft: string | undefined;
}

const banner = h("p", { class: "banner", role: "status", hidden: true });
const list = h("ul", { class: "conversations" });
const people = h("div", { class: "people", role: "status" });
const thread = h("ol", { class: "thread" });
const typing = h("p", { class: "typing dim", role: "status" });
const draft = h("button", { type: "button", class: "draft", hidden: true });
const text = h("input", { id: "text", placeholder: "Reply…", autocomplete: "off", maxLength: 500 });
const form = h(
  "form",
  { class: "row" },
  label("Reply", "text"),
  text,
  h("button", { class: "primary" }, "Send"),
);
text.className = "grow";
thread.tabIndex = 0;
thread.setAttribute("aria-label", "Messages");
pane.root.append(banner, list, people, thread, typing, draft, form);

const inbox = model<Resources, InboxEvents>(hub, `inbox:${space}`, {
  load: () => loadInbox(pane),
  apply: applyChange,
  onConflict: () => {
    say("Somebody else was faster: you see what they did.");
  },
});
inbox.subscribe(drawList);

hub.subscribe(`bookings:${space}:billing`, {
  recent: 50,
  on: {
    "booking.priced": ({ resourceId = "", payload }) => {
      prices.set(resourceId, payload.euro);
      drawList();
    },
  },
});

function show(id: string): void {
  if (open) {
    open.subscriptions.forEach((each) => {
      each.unsubscribe();
    });
    open.people.leave();
  }
  const messages = new Map<string, Message>();
  const address = `inbox:${space}:conv:${id}`;
  const conversation: Conversation = {
    id,
    messages,
    people: presence<Looking>(hub, address, { view: "reading" }),
    typing: signal<true>(hub, `inbox:${space}:typing:${id}`, "typing", {
      every: 1_000,
      ttl: 2_000,
    }),
    draft: undefined,
    subscriptions: [
      hub.subscribe(address, {
        recent: 50,
        onEvent(event) {
          if (event.type === "message.created") {
            // What was shown as sending is now where the hub has put it.
            messages.delete(event.id);
            const { id: at, actorId = "", payload } = event;
            messages.set(at, { id: at, actor: actorId, text: payload.text, state: "safe" });
            drawThread();
          }
        },
      }),
      hub.subscribe(`inbox:${space}:drafts:${id}`, {
        on: {
          "draft.suggested": ({ payload }) => {
            conversation.draft = payload.text;
            drawThread();
          },
        },
      }),
    ],
  };
  open = conversation;
  conversation.people.subscribe(drawPeople);
  conversation.typing.subscribe(drawPeople);
  drawList();
  drawPeople();
  drawThread();
}

/** Sends a reply: at once if the hub is there, else as soon as it is, with the same id. */
async function reply(words: string, id: string = crypto.randomUUID()): Promise<string> {
  const conversation = open;
  if (!conversation || words === "") {
    return "Open a conversation first.";
  }
  const put = (state: Message["state"]): void => {
    if (conversation.messages.get(id)?.state !== "safe") {
      conversation.messages.set(id, { id, actor: user, text: words, state });
      drawThread();
    }
  };
  put("sending");
  try {
    const address = `inbox:${space}:conv:${conversation.id}`;
    const { duplicate } = await hub.publish(address, "message.created", { text: words }, { id });
    return duplicate ? "The second one was a duplicate: it is there once." : "Sent.";
  } catch (failure) {
    put("failed");
    return failure instanceof Error ? failure.message : "failed";
  }
}

/** Takes a conversation, or changes a booking: shown at once, and for good when the back end agrees. */
function change<Type extends "conversation.assigned" | "booking.updated">(
  type: Type,
  resource: string,
  payload: InboxEvents[Type],
): Promise<string> {
  const path = type === "conversation.assigned" ? "/assign" : "/booking";
  const { done } = inbox.mutate(type, payload, {
    resourceId: resource,
    send: (id, version) => pane.post(path, { id, resource, version, ...payload }),
  });
  return done.then(
    () => `${pane.name} has it.`,
    (failure: unknown) => {
      say(failure instanceof Error ? failure.message : "refused");
      return `${pane.name} was told: ${failure instanceof Error ? failure.message : "refused"}.`;
    },
  );
}

const take = (): Promise<string> =>
  change("conversation.assigned", open?.id ?? "c1", { assignee: pane.name });

form.onsubmit = (event) => {
  event.preventDefault();
  void reply(text.value.trim());
  text.value = "";
  open?.people.update({ view: "reading" });
};
text.oninput = () => {
  open?.typing.send(true);
  open?.people.update({ view: "replying" }, 5_000);
};
draft.onclick = () => {
  text.value = open?.draft ?? "";
  text.focus();
};
handle.actions.set("ready", () => loaded(inbox).then(() => "ready"));
handle.actions.set("take", take);
handle.actions.set("guest", () =>
  pane.post("/customer", { conversation: open?.id ?? "c1" }).then(() => "The guest has written."),
);
handle.actions.set("twice", async () => {
  const id = crypto.randomUUID();
  await reply("Sent twice, there once.", id);
  return reply("Sent twice, there once.", id);
});

function drawList(): void {
  const resources = inbox.get();
  const conversations = [...(resources?.values() ?? [])].filter(
    ({ kind }) => kind === "conversation",
  );
  fill(list, ...conversations.map((each) => row(each, resources?.get(each.booking ?? ""))));
}

function row(conversation: Resource, booking: Resource | undefined): HTMLElement {
  const { id, customer = "", subject = "", assignee, version } = conversation;
  const choose = h(
    "button",
    { type: "button", class: "open" },
    h("strong", {}, customer),
    h("span", {}, subject),
  );
  choose.setAttribute("aria-current", String(id === open?.id));
  choose.onclick = () => {
    show(id);
  };
  const next = booking?.status === "confirmed" ? "cancelled" : "confirmed";
  const price = prices.get(booking?.id ?? "");
  const chip = h("button", {
    type: "button",
    class: `pill ${booking?.status === "confirmed" ? "ok" : "warn"}`,
  });
  chip.append(`${booking?.status ?? ""} v${String(booking?.version ?? 0)}`);
  chip.title = `Make it ${next}`;
  chip.onclick = () => {
    void change("booking.updated", booking?.id ?? "", {
      bookingId: booking?.id ?? "",
      status: next,
    });
  };
  const mine = h("button", { type: "button", class: "small take" }, assignee ?? "Take it");
  mine.title = `Take the conversation, version ${String(version)}`;
  mine.onclick = () => {
    void change("conversation.assigned", id, { assignee: pane.name });
  };
  return h(
    "li",
    { data: { id } },
    choose,
    chip,
    price !== undefined && h("span", { class: "dim price" }, `€ ${String(price)}`),
    mine,
  );
}

function drawPeople(): void {
  const there = [...(open?.people.get().members.values() ?? [])];
  const others = there.filter((each) => each.user !== user);
  const mine = there.find((each) => each.user === user);
  const sentences = others.map(({ user: who, claims, devices, state }) => {
    const name = nameOf(claims, who);
    const where = devices.length > 1 ? ` on ${String(devices.length)} devices` : "";
    return state?.view === "replying"
      ? `${name} is replying, too`
      : `${name} is viewing this conversation${where}`;
  });
  const own =
    (mine?.devices.length ?? 0) > 1
      ? ` You are here on ${String(mine?.devices.length)} devices.`
      : "";
  fill(
    people,
    ...others.map(({ user: who, claims }) => avatar(nameOf(claims, who))),
    h(
      "span",
      { class: "dim" },
      `${sentences.join(", ") || (open ? "Nobody else is here." : "Open a conversation.")}${own}`,
    ),
  );
  const writers = [...(open?.typing.get().values() ?? [])]
    .map((each) => each.user ?? "")
    .filter((each) => each !== user);
  typing.textContent =
    writers.length > 0 ? `${writers.map((each) => each.split("@")[0]).join(", ")} is typing…` : "";
}

function nameOf(claims: Readonly<Record<string, unknown>> | undefined, user: string): string {
  const name = claims?.["name"];
  return typeof name === "string" ? name : user;
}

function drawThread(): void {
  fill(thread, ...[...(open?.messages.values() ?? [])].map(bubble));
  thread.scrollTop = thread.scrollHeight;
  draft.hidden = open?.draft === undefined;
  draft.textContent = `Suggested: ${open?.draft ?? ""}`;
}

function bubble({ id, actor, text: words, state }: Message): HTMLElement {
  const name = actor.split("@")[0] ?? "";
  const kind = actor === user ? "mine" : actor.includes("@") ? "agent" : "guest";
  return h(
    "li",
    { class: `message ${kind} ${state}`, data: { id } },
    kind !== "mine" && avatar(name.charAt(0).toUpperCase() + name.slice(1)),
    h(
      "span",
      { class: "bubble" },
      words,
      state !== "safe" && h("small", {}, state === "failed" ? "not sent" : "sending…"),
    ),
  );
}

function say(words: string): void {
  banner.hidden = false;
  banner.textContent = words;
}

function label(words: string, of: string): HTMLElement {
  return h("label", { class: "visually-hidden", htmlFor: of }, words);
}

hub.connection.subscribe(drawThread);
show("c1");
