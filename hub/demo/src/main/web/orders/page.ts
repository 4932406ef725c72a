import { fetchJson } from "../shell/fetch.ts";
import { actIn, openShell } from "../shell/shell.ts";

const space = new URLSearchParams(location.search).get("space") ?? "acme";

const post = (path: string, body: object): Promise<unknown> =>
  fetchJson(`/demo/api/orders/${space}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

await openShell({
  demo: "orders",
  lead: "One company, three people. The rules of the hub look at the claims of each, and what somebody may not see is never sent to their browser.",
  simulated: "simulated shop, seed 11",
  panes: [
    { id: "eva", user: "eva", title: "Eva · manager EU" },
    { id: "samir", user: "samir", title: "Samir · clerk MENA", dir: "rtl" },
    { id: "audra", user: "audra", title: "Audra · auditor" },
  ],
  actions: [
    {
      label: "New EU order",
      title: "The simulated shop takes an order in the EU",
      run: () => post("order", { region: "eu" }).then(() => "The EU has a new order."),
    },
    {
      label: "New MENA order",
      title: "The simulated shop takes an order in MENA",
      run: () => post("order", { region: "mena" }).then(() => "MENA has a new order."),
    },
    {
      label: "Conflict",
      title: "Eva moves one order twice at the same moment, from the same version",
      run: (panes) => actIn(panes, "eva", "conflict"),
    },
    {
      label: "Revoke Samir's role",
      title: "Takes his region away: his token ends, and the next one is without it",
      run: () =>
        post("role", { user: "samir", revoked: true }).then(() => "Samir has no region now."),
    },
    {
      label: "Give it back",
      title: "Gives Samir his region back",
      run: () =>
        post("role", { user: "samir", revoked: false }).then(() => "Samir is a clerk again."),
    },
  ],
  believe: [
    "New EU order: it is in Eva's and Audra's frames. Choose Samir's frames in the log: no EU order is in them.",
    "Samir sees no prices. They are on an address that he may not hear, not in a field that his page hides.",
    "Revoke Samir's role: within a second his table is empty, and the pane names the rule that says no.",
    "Give it back: he has his orders again, with nothing missing.",
    "Conflict: two changes from one version. One holds, the other is told that somebody was faster.",
    "Audra hears both regions and may change nothing: the back end refuses.",
    "Version holes stay 0: of every order each version came.",
  ],
});
