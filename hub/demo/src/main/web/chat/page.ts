import { actIn, openShell } from "../shell/shell.ts";

await openShell({
  demo: "chat",
  lead: "Rooms, private talks, history, search. The back end owns the messages and has a REST API; the hub delivers, shows who is here, and brings back what was missed.",
  panes: [
    { id: "sarah", user: "sarah", title: "Sarah" },
    { id: "omar", user: "omar", title: "Omar · moderator" },
  ],
  more: [{ id: "lina", user: "lina", title: "Lina" }],
  actions: [
    {
      label: "Conflict",
      title: "Sarah and Omar edit Sarah's newest message at the same moment",
      run: async (panes) =>
        (await Promise.all([actIn(panes, "sarah", "edit"), actIn(panes, "omar", "edit")])).join(
          " ",
        ),
    },
    {
      label: "Send twice",
      title: "Sarah posts one message twice, with the same id, as a retry does",
      run: (panes) => actIn(panes, "sarah", "twice"),
    },
    {
      label: "Lina listens in",
      title: "Lina, once her pane is open, subscribes to the private talk of the other two",
      run: (panes) => actIn(panes, "lina", "peek"),
    },
  ],
  believe: [
    "Write: the message is shown at once, and gets its tick when the back end has it and the hub has been told.",
    "Delete a room while somebody writes there: the message fails with the reason. Create it again and press Retry.",
    "Cut Omar's network, write three messages, restore it: they arrive once, in order.",
    "Conflict: two people edit one version of a message. One is saved, the other is told, and sees the newer text.",
    "Lina listens in: the rule lets only the two of a private talk hear it, and says so.",
    "Write, then search for it: it is found, a second later.",
    "Reload a pane: it shows what it had at once, and goes on from its saved position.",
  ],
});
