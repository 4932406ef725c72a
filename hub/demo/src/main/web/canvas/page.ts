import { actIn, openShell } from "../shell/shell.ts";

await openShell({
  demo: "canvas",
  lead: "One board, several people. A drag is a signal that nobody keeps; a drop is an event with a version, and the hub refuses one that somebody else was faster with.",
  panes: [
    { id: "sarah", user: "sarah", title: "Sarah · editor" },
    { id: "omar", user: "omar", title: "Omar · editor" },
  ],
  more: [{ id: "vera", user: "vera", title: "Vera · viewer" }],
  actions: [
    {
      label: "Conflict",
      title: "Both drop the same note at the same moment, at different places",
      run: async (panes) =>
        (await Promise.all([actIn(panes, "sarah", "drop"), actIn(panes, "omar", "drop")])).join(
          " ",
        ),
    },
    {
      label: "Delete against move",
      title: "Omar deletes a note while Sarah moves it",
      run: async (panes) =>
        (await Promise.all([actIn(panes, "omar", "delete"), actIn(panes, "sarah", "move")])).join(
          " ",
        ),
    },
    {
      label: "Lose an event",
      title:
        "Omar's client never gets to see Sarah's next move; the one after it shows the hole, and he loads a snapshot",
      run: async (panes) => {
        await actIn(panes, "omar", "lose");
        await actIn(panes, "sarah", "nudge");
        await actIn(panes, "sarah", "nudge");
        return "One move was lost on its way to Omar's client; the version after it told, and the board was loaded anew.";
      },
    },
    {
      label: "Vera drags",
      title: "Vera, once her pane is open, drops a note; she may look only",
      run: (panes) => actIn(panes, "vera", "touch"),
    },
    {
      label: "Compare with the back end",
      title: "Reads the hash of the back end's own copy",
      run: (panes) => actIn(panes, "sarah", "compare"),
    },
  ],
  believe: [
    "Conflict: both drop one note at once. One wins; the other is told who was first, and the note snaps to its place.",
    "Afterwards both panes have the same board hash, and so has the back end.",
    "Drag slowly: the other pane sees a dashed ghost that leaves no event. Only the drop has a position.",
    "Cut Omar's network and move notes in both panes, then restore it: his changes are taken, or refused where he can see it.",
    "Delete against move: the loser is told, nothing disappears in silence.",
    "Lose an event: the next version shows the hole, a snapshot fills it.",
    "Vera may look: her drop is refused with the rule's reason, and the note goes back.",
  ],
});
