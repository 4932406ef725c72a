import { actIn, openShell } from "../shell/shell.ts";

await openShell({
  demo: "cursors",
  lead: "Two people and fifty bots in one field. Cursors are signals: sent twenty times a second, gathered by the hub into one frame for each viewer, kept nowhere.",
  simulated: "simulated bots, seed 42",
  panes: [
    { id: "sarah", user: "sarah", title: "Sarah" },
    { id: "omar", user: "omar", title: "Omar" },
  ],
  actions: [
    {
      label: "Start 50 bots",
      title: "Starts a process of fifty clients, each with a token and a socket of its own",
      run: (panes) => actIn(panes, "sarah", "start"),
    },
    {
      label: "Kill the bots",
      title: "Ends that process with SIGKILL: no goodbye, no close frame from a client",
      run: (panes) => actIn(panes, "sarah", "kill"),
    },
  ],
  believe: [
    "Start the bots: each pane shows 51 or 52 cursors and gets some 20 frames a second, not 1,000.",
    "The age of a cursor when it is drawn is on the screen, measured with one clock.",
    "Kill the bots: nobody says goodbye for them, and within three seconds their cursors are gone.",
    "Type: the other one sees it, and two seconds after the last key it is over.",
    "Type and kill the browser: the line goes just the same.",
    "A pane that is too slow stays current, because old positions are replaced; it slows nobody else.",
  ],
});
