// uWebSockets as Bun brings it: topics, no compression. "s ADDRESS" subscribes, "p ADDRESS BODY" publishes.
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch(request, server) {
    return server.upgrade(request) ? undefined : new Response("");
  },
  websocket: {
    perMessageDeflate: false,
    idleTimeout: 600,
    backpressureLimit: 64 * 1024 * 1024,
    message(socket, text) {
      if (text[0] === "s") {
        socket.subscribe(text.slice(2));
      } else {
        const space = text.indexOf(" ", 2);
        server.publish(text.slice(2, space), text.slice(space + 1));
      }
    },
  },
});
