import type { Present } from "@hubbub/client";
import { avatar, fill, h, label, onceAFrame, renew } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import {
  directPlace,
  roomPlace,
  type ChatEvents,
  type Message,
  type Place,
  type Room,
  type Stats,
} from "./contract.ts";
import { bubble } from "./bubble.ts";
import { placeEntry } from "./place-entry.ts";
import { savedAt, Talk, type Doing } from "./talk.ts";

const pane = await openPane<ChatEvents>("chat");
const { hub, space, handle } = pane;
const me = String(pane.claims["user"]);
const isModerator = pane.claims["role"] === "moderator";
const everybody = ["sarah", "omar", "lina"];
const rooms = new Map<string, Room>();
let hasRooms = false;
let talk: Talk | undefined;
let editing: Message | undefined;
let notice: string | undefined;
let stats: Stats | undefined;
let toldTyping = 0;
let toldRead = "";

const strip = h("p", { class: "strip dim", role: "status" });
const places = h("ul", { class: "places" });
const roomName = h("input", {
  id: "room-name",
  placeholder: "New room",
  maxLength: 40,
  autocomplete: "off",
});
const newRoom = h(
  "form",
  { class: "row new-room" },
  label("Name of a new room", "room-name"),
  roomName,
  h("button", { class: "small" }, "Add"),
);
const query = h("input", {
  id: "query",
  type: "search",
  placeholder: "Search",
  autocomplete: "off",
});
const search = h(
  "form",
  { class: "row", role: "search" },
  label("Search messages", "query"),
  query,
  h("button", { class: "small" }, "Find"),
);
const found = h("ul", { class: "found", hidden: true });
const title = h("h2", {});
const people = h("p", { class: "people dim", role: "status" });
const banner = h("p", { class: "banner bad", role: "alert", hidden: true });
const thread = h("ol", { class: "thread" });
const typing = h("p", { class: "typing dim", role: "status" });
const text = h("input", {
  id: "text",
  class: "grow",
  placeholder: "Message",
  autocomplete: "off",
  maxLength: 2_000,
});
const send = h("button", { class: "primary" }, "Send");
const composer = h("form", { class: "row" }, label("Message", "text"), text, send);
thread.tabIndex = 0;
thread.setAttribute("aria-label", "Messages");
places.setAttribute("aria-label", "Rooms and people");
pane.root.classList.add("chat");
pane.root.append(
  h("nav", { class: "side" }, search, found, places, newRoom, strip),
  h(
    "section",
    { class: "talk" },
    h("div", { class: "row head" }, title, people),
    banner,
    thread,
    typing,
    composer,
  ),
);

/** What can be done to a message. */
const tools = {
  retry: ({ id, text: words }: Message) => void talk?.send(words, id),
  edit: (message: Message) => {
    edit(message);
  },
  remove: (message: Message) => void attempt(talk?.change(message, undefined)),
  may: ({ author }: Message) => author === me || isModerator,
};

const draw = onceAFrame(() => {
  drawPlaces();
  drawTalk();
  strip.textContent = stats
    ? `${String(stats.messages)} messages, ${String(stats.lastMinute)} in the last minute, ${String(stats.rooms)} rooms`
    : "";
});

hub.subscribe(`chat:${space}:rooms`, {
  initial: true,
  on: {
    "chat.room.created": ({ payload }) => rooms.set(payload.id, payload),
    "chat.room.deleted": ({ payload }) => {
      rooms.delete(payload.id);
      const { address } = roomPlace(space, payload);
      sessionStorage.removeItem(savedAt(pane.user, address));
      if (talk?.place.address === address) {
        talk.wipe();
      }
    },
  },
  onEvent: draw,
  async onGap() {
    const loaded = await pane.get<{ rooms: readonly Room[]; position?: never }>("/rooms");
    hasRooms = true;
    rooms.clear();
    loaded.rooms.forEach((each) => rooms.set(each.id, each));
    draw();
    return loaded.position;
  },
});
hub.subscribe(`chat:${space}:stats`, {
  on: {
    "chat.stats": ({ payload }) => {
      stats = payload;
      draw();
    },
  },
});

function open(place: Place): void {
  talk?.leave();
  talk = new Talk(pane, place, draw);
  edit(undefined);
}

function drawPlaces(): void {
  const entry = (place: Place, remove?: () => void): HTMLElement =>
    placeEntry(
      place,
      place.address === talk?.place.address,
      () => {
        open(place);
      },
      remove,
    );
  const mayDelete = (room: Room): boolean => isModerator || room.createdBy === me;
  const remove = (room: Room) => () => void attempt(pane.send("DELETE", `/rooms/${room.id}`));
  const all = [...rooms.values()].map((room) =>
    entry(roomPlace(space, room), mayDelete(room) ? remove(room) : undefined),
  );
  const others = everybody.filter((each) => each !== me);
  renew(places, [...all, ...others.map((each) => entry(directPlace(space, me, each)))]);
}

function drawTalk(): void {
  if (!talk) {
    return;
  }
  const room = /^\/rooms\/(.*)$/.exec(talk.place.path)?.[1];
  const isGone = hasRooms && room !== undefined && !rooms.has(room);
  const there = [...talk.people.get().members.values()].filter(({ user }) => user !== pane.user);
  const nameOf = ({ user, claims }: Present<Doing>): string => {
    const name = claims?.["name"];
    return typeof name === "string" ? name : user;
  };
  const names = there.map(nameOf);
  const writers = there.filter(({ state }) => state === "typing").map(nameOf);
  title.textContent = talk.place.title;
  fill(
    people,
    ...names.map((name) => avatar(name)),
    names.length > 0 ? ` ${names.join(" and ")} here` : "nobody else here",
  );
  typing.textContent = writers.length > 0 ? `${writers.join(" and ")} typing…` : "";
  const denied = talk.denied.get();
  const problem = denied === undefined ? notice : `Denied: ${denied}`;
  banner.textContent = isGone ? "This room has been deleted." : (problem ?? "");
  banner.hidden = banner.textContent === "";
  const wasAtEnd = thread.scrollTop + thread.clientHeight >= thread.scrollHeight - 40;
  const messages = [...talk.messages.values()];
  const { readers } = talk;
  renew(
    thread,
    messages.map((each) => bubble(each, each === messages.at(-1) ? readers : undefined, me, tools)),
  );
  if (wasAtEnd) {
    thread.scrollTop = thread.scrollHeight;
  }
  const last = messages.findLast(({ state }) => state === "sent")?.id ?? "";
  if (last !== toldRead && last !== "" && hub.connection.get().state === "online") {
    toldRead = last;
    talk.read(last).catch(() => undefined);
  }
}

function edit(message: Message | undefined): void {
  editing = message;
  text.value = message?.text ?? "";
  send.textContent = message ? "Save" : "Send";
  notice = undefined;
  draw();
  if (message) {
    text.focus();
  }
}

composer.onsubmit = (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (words === "" || !talk) {
    return;
  }
  if (editing) {
    void attempt(talk.change(editing, words));
  } else {
    void talk.send(words);
  }
  edit(undefined);
  talk.people.update("reading");
};
text.oninput = () => {
  if (Date.now() - toldTyping > 1_000) {
    toldTyping = Date.now();
    talk?.people.update("typing", 2_000);
  }
};
newRoom.onsubmit = (event) => {
  event.preventDefault();
  void attempt(pane.post<{ room: Room }>("/rooms", { name: roomName.value })).then((made) => {
    if (made) {
      open(roomPlace(space, made.room));
    }
  });
  roomName.value = "";
};
search.onsubmit = (event) => {
  event.preventDefault();
  void attempt(
    pane.get<{ found: readonly Message[] }>(`/search?q=${encodeURIComponent(query.value)}`),
  ).then((answer) => {
    found.hidden = !answer;
    const hits = (answer?.found ?? []).map(({ author, text: words }) =>
      h("li", {}, h("b", {}, author), ` ${words}`),
    );
    fill(found, ...(hits.length > 0 ? hits : [h("li", { class: "dim" }, "Nothing found.")]));
  });
};

/** Does something that may be refused, and says so where everybody looks. */
async function attempt<T>(act: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await act;
  } catch (failure) {
    say(failure instanceof Error ? failure.message : "refused");
    return undefined;
  }
}

function say(words: string): void {
  notice = words;
  draw();
}

handle.actions.set("general", () => {
  open(roomPlace(space, { id: "general", name: "General", createdBy: "" }));
  return Promise.resolve("General is open.");
});
handle.actions.set("twice", async () => {
  const [id, words] = [crypto.randomUUID(), "Sent twice, there once."];
  await pane.post("/rooms/general/messages", { id, text: words });
  const again = await pane.post<{ message: Message }>("/rooms/general/messages", {
    id,
    text: words,
  });
  return `Both calls answered with version ${String(again.message.version)} of one message.`;
});
handle.actions.set("edit", async () => {
  const newest = [...(talk?.messages.values() ?? [])].findLast(
    ({ state, deleted, author }) => state === "sent" && !deleted && author === "sarah",
  );
  if (!newest || !talk) {
    return `${pane.name} sees no message of Sarah to edit.`;
  }
  return talk.change(newest, `${newest.text} (${pane.name})`).then(
    () => `${pane.name} was first.`,
    (failure: unknown) => {
      say(failure instanceof Error ? failure.message : "refused");
      return `${pane.name} was told: ${failure instanceof Error ? failure.message : ""}.`;
    },
  );
});
handle.actions.set("peek", () => {
  open({ title: "@ omar and sarah", path: "/direct/omar", address: `chat:${space}:dm:omar:sarah` });
  return Promise.resolve("Lina tries to listen to what only Omar and Sarah may hear.");
});

hub.connection.subscribe(draw);
open(roomPlace(space, { id: "general", name: "General", createdBy: "" }));
