import { actIn, type ShellOptions } from "../shell/shell.ts";

/** What the inbox's page shows; its panes are plain or React. */
export function inbox(page: string): ShellOptions {
  return {
    demo: "inbox",
    other:
      page === "pane"
        ? { title: "The same with React hooks", path: "inbox/react" }
        : { title: "The same in plain TypeScript", path: "inbox" },
    lead: "Two agents, three guests. Who reads what is seen at once, replies survive a network that goes away, and a booking changes for everybody.",
    simulated: "simulated guests, seed 7",
    panes: [
      { id: "sarah", user: "sarah", title: "Sarah · sales", page },
      { id: "omar", user: "omar", title: "Omar · support", page },
    ],
    more: [{ id: "phone", user: "sarah", title: "Sarah's phone", page }],
    actions: [
      {
        label: "Let the guest write",
        title:
          "The simulated guest of Sarah's conversation says the next thing, and a reply is suggested",
        run: (panes) => actIn(panes, "sarah", "guest"),
      },
      {
        label: "Conflict",
        title: "Both take the conversation at the same moment",
        run: async (panes) => {
          await Promise.all([actIn(panes, "sarah", "ready"), actIn(panes, "omar", "ready")]);
          const both = await Promise.all([
            actIn(panes, "sarah", "take"),
            actIn(panes, "omar", "take"),
          ]);
          return both.join(" ");
        },
      },
      {
        label: "Send twice",
        title: "Sarah sends one reply twice, with the same id",
        run: (panes) => actIn(panes, "sarah", "twice"),
      },
    ],
    believe: [
      "Open a conversation: the other one sees your picture within a second.",
      "Open Sarah's phone: she is there once, with two devices. Close it: she stays.",
      "Cut Omar's network for eight seconds and reply as Sarah: he recovers what he missed, 0 lost.",
      "Cut Omar's network, write two replies, restore it: they arrive once, in order.",
      "Conflict: both take a conversation at once. One has it, the other is told who was faster.",
      "Omar may not see bills: prices are on an address that he cannot hear, so they are not in his frames.",
    ],
  };
}
