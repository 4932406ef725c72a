"use strict";
// The playground: a plain WebSocket that speaks the hub's protocol, without any library.

const $ = (id) => document.getElementById(id);
const MAX_SHOWN = 200;
const PING_MILLIS = 20000;

let socket = null;
let pings = 0;
let address = "";
let position = "";
let lastReply = 0;

function show(state, text) {
  $("state").dataset.state = state;
  $("state").textContent = text;
  $("publish").disabled = state !== "open";
  $("connect").textContent = socket ? "Disconnect" : "Connect";
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function add(item) {
  $("events").prepend(item);
  while ($("events").children.length > MAX_SHOWN) $("events").lastElementChild.remove();
}

function say(className, text) {
  add(element("li", className, text));
}

function showEvent(frame) {
  const event = frame.body;
  const known = event !== null && typeof event === "object" && typeof event.type === "string";
  const item = element("li");
  const head = element("div", "head");
  head.append(element("strong", "", known ? event.type : "event"));
  if (known && event.actorId) head.append(element("span", "", "by " + event.actorId));
  const place = frame.headers && frame.headers.position;
  if (place) {
    position = place;
    const offset = element("code", "position", "#" + place.slice(place.lastIndexOf(":") + 1));
    offset.title = "position " + place;
    head.append(offset);
  }
  item.append(head, element("pre", "", JSON.stringify(known ? event.payload : event, null, 1)));
  add(item);
}

function take(frame) {
  if (frame.type === "rec" && frame.address === address) {
    showEvent(frame);
  } else if (frame.type === "rec" && frame.address === "reply-" + lastReply) {
    $("outcome").textContent = frame.body.duplicate ? "published before" : "safe in the log";
  } else if (frame.type === "err") {
    if (frame.failureType === "POSITION_LOST" && frame.details) position = frame.details.position || "";
    if (String(frame.address).startsWith("reply-")) $("outcome").textContent = frame.message;
    say("err", frame.failureType + ": " + frame.message);
  } else if (frame.event) {
    const what = frame.message || {};
    if (frame.event === "hub.subscribed" && what.position && !position) position = what.position;
    say("note", frame.event + (what.events === undefined ? "" : ": " + what.events + " events were missed"));
  }
}

function send(frame) {
  socket.send(JSON.stringify(frame));
}

function subscribe() {
  const headers = { notices: "true" };
  if (position) headers.position = position;
  else headers.recent = "20";
  send({ type: "register", address, headers });
}

async function connect() {
  show("opening", "asking for a token");
  const user = $("user").value.trim() || "alice";
  const answer = await fetch("/dev/token?sub=" + encodeURIComponent(user), { cache: "no-store" });
  if (!answer.ok) throw new Error("no token: " + (await answer.json()).message);
  const token = await answer.text();
  const scheme = location.protocol === "https:" ? "wss://" : "ws://";
  const opened = new WebSocket(scheme + location.host + "/eventbus/websocket?access_token=" + encodeURIComponent(token));
  socket = opened;
  show("opening", "connecting");
  opened.onopen = () => {
    if (socket !== opened) return;
    show("open", "connected as " + user);
    pings = setInterval(() => send({ type: "ping" }), PING_MILLIS);
    subscribe();
  };
  opened.onmessage = (message) => {
    if (socket !== opened) return;
    const data = JSON.parse(message.data);
    (Array.isArray(data) ? data : [data]).forEach(take);
  };
  opened.onclose = (closed) => {
    if (socket !== opened) return;
    drop();
    show("failed", "closed: " + closed.code + (closed.reason ? " " + closed.reason : ""));
  };
}

function drop() {
  clearInterval(pings);
  const old = socket;
  socket = null;
  if (old) old.close();
}

function publish() {
  let payload;
  try {
    payload = JSON.parse($("payload").value);
  } catch {
    payload = { text: $("payload").value };
  }
  lastReply += 1;
  $("outcome").textContent = "publishing…";
  send({
    type: "send",
    address,
    replyAddress: "reply-" + lastReply,
    headers: {},
    body: { type: $("type").value.trim() || "message.created", payload },
  });
}

$("login").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  if (socket) {
    drop();
    show("closed", "not connected");
    return;
  }
  const wanted = $("address").value.trim();
  if (wanted !== address) position = "";
  address = wanted;
  $("where").textContent = address;
  connect().catch((failure) => {
    drop();
    show("failed", failure.message);
  });
});

$("publish").addEventListener("click", publish);
$("payload").addEventListener("keydown", (key) => {
  if (key.key === "Enter" && (key.ctrlKey || key.metaKey) && !$("publish").disabled) publish();
});
$("clear").addEventListener("click", () => $("events").replaceChildren());
document.querySelectorAll(".origin").forEach((place) => { place.textContent = location.origin; });
document.querySelectorAll(".copy").forEach((button) => button.addEventListener("click", async () => {
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}));
