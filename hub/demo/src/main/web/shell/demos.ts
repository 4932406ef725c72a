/** One of the seven applications. */
export interface Demo {
  /** Its folder, and its path below `/demo`. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in a few words. */
  readonly claim: string;
}

export const demos: readonly Demo[] = [
  { name: "inbox", title: "Inbox", claim: "Who is here, replies in order, bookings with versions" },
  { name: "orders", title: "Orders", claim: "What you may not see never reaches your browser" },
  { name: "wallet", title: "Wallet", claim: "Pending until it is confirmed; sent twice is once" },
  { name: "canvas", title: "Canvas", claim: "Two people, one note: who was first, and why" },
  { name: "cursors", title: "Cursors", claim: "52 cursors, smooth and cheap; typing that ends" },
  { name: "chat", title: "Chat", claim: "Rooms, private messages, history, search, a REST API" },
  { name: "trading", title: "Trading", claim: "Ticks, an order book with a checksum, alerts" },
];
