import { actIn, openShell } from "../shell/shell.ts";

await openShell({
  demo: "trading",
  lead: "Prices are conflated: a slow screen gets the newest, never a queue. The order book is kept by deltas, and its checksum is compared with the market's every second.",
  simulated: "simulated market, seed 42",
  panes: [
    { id: "tara", user: "tara", title: "Tara · depth plan" },
    { id: "felix", user: "felix", title: "Felix · free plan" },
  ],
  actions: [
    {
      label: "Drop a delta",
      title: "Tara's client never gets to see the next delta of the book",
      run: (panes) => actIn(panes, "tara", "drop"),
    },
    {
      label: "Set an alert",
      title: "Tara wants to be told when the price is where it is now, or past it",
      run: (panes) => actIn(panes, "tara", "alert"),
    },
  ],
  believe: [
    "Every second the market tells the checksum of its best ten levels: Tara's own is the same.",
    "Drop a delta: the next one does not follow, a snapshot is fetched, and the checksum is right again.",
    "Ticks are younger than 200 ms, also on a processor that is six times slower: old ones are replaced, not queued.",
    "Felix pays nothing: his prices come every two seconds, and the order book is refused with the rule's reason.",
    "Cut Tara's network, set an alert, restore it: it fires once. Set one, cut the network, wait, restore it: it is there once.",
  ],
});
