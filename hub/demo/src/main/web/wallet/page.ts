import { actIn, openShell, type Action } from "../shell/shell.ts";

const inAda = (label: string, title: string, action: string): Action => ({
  label,
  title,
  run: (panes) => actIn(panes, "ada", action),
});

await openShell({
  demo: "wallet",
  lead: "Two wallets. A transaction is shown at once, and as settled only when the chain has confirmed it six times; whatever is sent twice happens once.",
  simulated: "simulated chain, seed 7",
  panes: [
    { id: "ada", user: "ada", title: "Ada" },
    { id: "bo", user: "bo", title: "Bo" },
  ],
  actions: [
    inAda("Send twice", "Ada sends 25 to Bo twice, with the same id", "twice"),
    inAda("Send too much", "Ada sends more than she has: the back end refuses", "too-much"),
    inAda(
      "Refused by the chain",
      "Ada sends 13, which this chain refuses after a while",
      "refused",
    ),
    inAda("Look into Bo's wallet", "Ada asks the hub for what happens to Bo's wallet", "peek"),
  ],
  believe: [
    "Send something: it is pending at once, counts its confirmations, and is settled after the sixth, for both.",
    "Send twice: one transaction; the second answer says duplicate.",
    "The balance is the sum of the settled transactions, added up on the page and compared with what the back end says.",
    "Cut Ada's network and send: it stays pending, and is confirmed after the network is back.",
    "Send too much: it appears, is refused, and the balance is what it was.",
    "Look into Bo's wallet: denied, by the rule that names the owner.",
  ],
});
