import { signal } from "@hubbub/client";
import { fill, h, onceAFrame } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import { Distribution, Rate } from "./rates.ts";

/** Where a cursor is, each way from 0 to 1, and when its owner said so: panes and bots share one clock here. */
interface Cursor {
  readonly x: number;
  readonly y: number;
  readonly at: number;
}

interface Bots {
  readonly bots: number;
  readonly runs: boolean;
  readonly pid?: number;
  readonly killed?: number;
}

const pane = await openPane("cursors");
const { hub, space, handle } = pane;
const cursors = signal<Cursor>(hub, `cursors:${space}:field`, "cursor", { every: 50, ttl: 3_000 });
const typing = signal<true>(hub, `cursors:${space}:typing`, "typing", { every: 1_000, ttl: 2_000 });
const shown = new Map<string, HTMLElement>();
const ages = new Distribution(1_000);
const screen = new Rate();
const messages = new Rate(2_000);
const bytes = new Rate(2_000);
const events = new Rate(2_000);
let own = { x: 0.5, y: 0.5 };
let drawnAt = 0;
let size = { width: 0, height: 0 };
let seen = { ...handle.lab.traffic };

const field = h("div", { class: "field", tabIndex: 0, role: "group" });
field.setAttribute("aria-label", "Field: move your pointer over it, or use the arrow keys");
const mine = h("span", { class: "cursor me" }, pane.name);
const facts = h("dl", { class: "facts" });
const text = h("input", {
  id: "text",
  class: "grow",
  placeholder: "Type, and the others see that you do",
  autocomplete: "off",
});
const line = h("p", { class: "typing", role: "status" });
field.append(mine);
pane.root.append(
  field,
  facts,
  h("div", { class: "row" }, h("label", { htmlFor: "text" }, "Typing"), text),
  line,
);

const draw = onceAFrame(() => {
  const all = cursors.get();
  measureField();
  const now = Date.now();
  for (const [sender, element] of shown) {
    if (!all.has(sender)) {
      element.remove();
      shown.delete(sender);
    }
  }
  for (const [sender, { value, user = "", at }] of all) {
    let element = shown.get(sender);
    if (!element) {
      element = h(
        "span",
        { class: user.startsWith("bot-") ? "cursor bot" : "cursor", data: { user } },
        nameOf(user),
      );
      shown.set(sender, element);
      field.append(element);
    }
    put(element, value.x, value.y);
    if (at > drawnAt) {
      ages.add(now - value.at);
    }
  }
  drawnAt = performance.now();
});

function measureField(): void {
  size = { width: field.clientWidth, height: field.clientHeight };
}

function put(element: HTMLElement, x: number, y: number): void {
  // What would stick out of the field stands on the other side of its point.
  const shift = `translate(${x > 0.88 ? "-100%" : "0"}, ${y > 0.94 ? "-100%" : "0"})`;
  const [left, top] = [x * size.width, y * size.height];
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px) ${shift}`;
}

/** Names come from the tokens, so that a bot cannot pass for somebody. */
function nameOf(user: string): string {
  const short = user.split("@")[0] ?? "";
  return short.charAt(0).toUpperCase() + short.slice(1).replace("-", " ");
}

function tell(x: number, y: number): void {
  const part = (value: number): number =>
    Math.round(Math.max(0, Math.min(1, value)) * 10_000) / 10_000;
  own = { x: part(x), y: part(y) };
  put(mine, own.x, own.y);
  cursors.send({ ...own, at: Date.now() });
}

field.onpointermove = ({ clientX, clientY }) => {
  const box = field.getBoundingClientRect();
  tell((clientX - box.left) / box.width, (clientY - box.top) / box.height);
};
field.onpointerleave = cursors.stop;
field.onkeydown = (event) => {
  const [dx, dy] =
    { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ??
    [];
  if (dx !== undefined && dy !== undefined) {
    event.preventDefault();
    tell(own.x + dx * 0.03, own.y + dy * 0.03);
  }
};
text.oninput = () => {
  typing.send(true);
};

cursors.subscribe(draw);
typing.subscribe((who) => {
  const names = [...who.values()].map(({ user = "" }) => nameOf(user));
  line.textContent =
    names.length > 0 ? `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
});
handle.lab.subscribe((frame) => {
  if (frame?.way === "in" && frame.text.includes('"type":"cursor"')) {
    events.add(frame.at);
  }
});

/** Measures, and shows what was measured; the field is drawn by what comes alone. */
function measure(): void {
  const now = Date.now();
  const { traffic } = handle.lab;
  messages.add(now, traffic.messages - seen.messages);
  bytes.add(now, traffic.bytes - seen.bytes);
  seen = { ...traffic };
  const fact = (term: string, value: string): Node =>
    h("div", {}, h("dt", {}, term), h("dd", { data: { fact: term } }, value));
  const p95 = ages.percentile(0.95);
  fill(
    facts,
    fact("Cursors", String(shown.size + 1)),
    fact("Frames/s", String(Math.round(messages.perSecond(now)))),
    fact("Positions/s", String(Math.round(events.perSecond(now)))),
    fact("KB/s", (bytes.perSecond(now) / 1_000).toFixed(1)),
    fact("Age p95", p95 === undefined ? "–" : `${String(p95)} ms`),
    fact("Screen", `${String(Math.round(screen.perSecond(now)))} fps`),
  );
}
setInterval(measure, 500);
(function count(): void {
  screen.add(Date.now());
  requestAnimationFrame(count);
})();
measureField();
put(mine, own.x, own.y);
measure();

handle.actions.set("start", async () => {
  const { bots, pid } = await pane.post<Bots>("/bots", {});
  return `${String(bots)} bots connect from process ${String(pid)}.`;
});
handle.actions.set("kill", async () => {
  const { killed } = await pane.send<Bots>("DELETE", "/bots");
  return killed === undefined
    ? "No bots are running."
    : `Process ${String(killed)} got SIGKILL; its cursors go when their time is over.`;
});
