import { model } from "@hubbub/client";
import { fill, h } from "../shell/dom.ts";
import { openPane } from "../shell/pane.ts";
import type { Transaction, Wallet, WalletEvents } from "./contract.ts";
import { applyEvent, loadWallet, sums } from "./wallet-state.ts";

const pane = await openPane<WalletEvents>("wallet");
const { hub, user, space, handle } = pane;
const other = user.startsWith("ada@") ? `bo@${space}` : `ada@${space}`;
const address = `wallet:${user}`;
const confirmations = new Map<string, number>();

const wallet = model<Wallet, WalletEvents>(hub, address, {
  load: () => loadWallet(pane),
  apply: applyEvent,
});
wallet.subscribe(draw);

hub.subscribe(`${address}:confirmations`, {
  on: {
    "wallet.tx.confirming": ({ resourceId = "", payload }) => {
      confirmations.set(resourceId, payload.confirmations);
      draw();
    },
  },
});

const balance = h("div", { class: "balance" });
const said = h("p", { class: "banner", role: "status", hidden: true });
const amount = h("input", {
  id: "amount",
  inputMode: "numeric",
  autocomplete: "off",
  value: "100",
});
amount.pattern = "[1-9][0-9]*";
amount.required = true;
const form = h(
  "form",
  { class: "row" },
  h("label", { htmlFor: "amount" }, `Send to ${nameOf(other)}`),
  amount,
  h("button", { class: "primary" }, "Send"),
);
amount.className = "grow";
const list = h("ul", { class: "transactions" });
pane.root.append(balance, said, form, list);

form.onsubmit = (event) => {
  event.preventDefault();
  void send(amount.value.trim());
};

/** Sends: shown at once; gone again if the back end says no, as if it had never been. */
async function send(value: string): Promise<string> {
  const tx = crypto.randomUUID();
  const payload = { tx, other, change: `-${value}`, state: "created" } as const;
  const { done } = wallet.mutate("wallet.tx.created", payload, {
    resourceId: tx,
    send: (id) => pane.post("/send", { id, tx, to: other, amount: value }),
  });
  return done.then(
    () => "Sent.",
    (failure: unknown) => {
      const words = failure instanceof Error ? failure.message : "refused";
      say(`${words}: ${value} to ${nameOf(other)} was taken back.`);
      return `Refused: ${words}. The balance is what it was.`;
    },
  );
}

/** The same command twice, as an impatient finger or a careful retry sends it. */
async function sendTwice(): Promise<string> {
  const body = { id: crypto.randomUUID(), tx: crypto.randomUUID(), to: other, amount: "25" };
  const first = await pane.post<{ duplicate: boolean }>("/send", body);
  const second = await pane.post<{ duplicate: boolean }>("/send", body);
  return `First: duplicate ${String(first.duplicate)}. Second: duplicate ${String(second.duplicate)}.`;
}

/** Asks for somebody else's wallet, and tells what the hub says. */
function peek(): Promise<string> {
  return new Promise((resolve) => {
    const subscription = hub.subscribe(`wallet:${other}`, {
      onState(state) {
        if (state === "denied" || state === "live") {
          subscription.unsubscribe();
          void pane.explain(`wallet:${other}`).then(({ rule = "no rule" }) => {
            resolve(`${state}, by the rule ${rule}`);
          });
        }
      },
    });
  });
}

handle.actions.set("twice", sendTwice);
handle.actions.set("too-much", () => send("999999999"));
handle.actions.set("refused", () => send("13").then(() => "Sent; the chain will refuse it."));
handle.actions.set("peek", peek);

function draw(): void {
  const state = wallet.get();
  if (!state) {
    return;
  }
  const { settled, count, out, coming } = sums(state);
  const check =
    count !== state.settled
      ? "waiting for the balance"
      : settled === BigInt(state.balance)
        ? `= the sum of ${String(count)} settled transactions`
        : `is not the sum: ${String(settled)}`;
  fill(
    balance,
    h("span", { class: "dim" }, "Settled"),
    h("strong", { data: { balance: state.balance } }, money(BigInt(state.balance))),
    h("span", { class: "dim check", role: "status" }, check),
    h(
      "span",
      { class: "row" },
      out < 0n && h("span", { class: "pill warn" }, `${money(out)} on its way out`),
      coming > 0n && h("span", { class: "pill warn" }, `${money(coming)} on its way in`),
    ),
  );
  fill(list, ...[...state.transactions.values()].reverse().map(row));
}

function row(transaction: Transaction): HTMLElement {
  const { tx, other: who, change, state } = transaction;
  const seen = confirmations.get(tx) ?? 0;
  const texts = {
    created: transaction.version === 0 ? "sending…" : "pending",
    seen: `${String(seen)} of 6 confirmations`,
    confirmed: "settled",
    failed: "refused by the chain",
  };
  const kind = state === "confirmed" ? "ok" : state === "failed" ? "bad" : "warn";
  const meter = h("progress", { max: 6, value: state === "confirmed" ? 6 : seen });
  meter.setAttribute("aria-label", `${String(seen)} of 6 confirmations`);
  return h(
    "li",
    { class: `transaction ${state}`, data: { tx, state, version: String(transaction.version) } },
    h(
      "span",
      { class: "grow" },
      change.startsWith("-") ? `to ${nameOf(who)}` : `from ${nameOf(who)}`,
    ),
    h("span", { class: "amount" }, money(BigInt(change), true)),
    h("span", { class: `pill ${kind}` }, texts[state]),
    state === "seen" && meter,
  );
}

function money(amount: bigint, sign = false): string {
  const text = new Intl.NumberFormat("en").format(amount);
  return `${sign && amount > 0n ? "+" : ""}${text} sat`;
}

function nameOf(owner: string): string {
  const name = owner.split("@")[0] ?? owner;
  return owner.includes("@") ? name.charAt(0).toUpperCase() + name.slice(1) : owner;
}

function say(words: string): void {
  said.hidden = false;
  said.textContent = words;
}
