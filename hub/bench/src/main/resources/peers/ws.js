// The plain `ws` package with a loop over the subscribers of an address. "s ADDRESS" subscribes, "p ADDRESS BODY" publishes.
const { WebSocketServer } = require("ws");

const topics = new Map();
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  backlog: 10000,
  perMessageDeflate: false,
  clientTracking: false,
});

server.on("connection", (socket) => {
  const mine = [];
  socket.on("message", (data) => {
    const space = data.indexOf(32, 2);
    if (data[0] === 115) {
      const name = data.toString("latin1", 2);
      if (!topics.has(name)) topics.set(name, new Set());
      topics.get(name).add(socket);
      mine.push(name);
    } else {
      const body = data.subarray(space + 1);
      for (const each of topics.get(data.toString("latin1", 2, space)) ?? []) each.send(body, { binary: false });
    }
  });
  socket.on("close", () => mine.forEach((name) => topics.get(name).delete(socket)));
});
