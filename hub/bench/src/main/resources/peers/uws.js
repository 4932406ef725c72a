// uWebSockets on Node: topics, no compression. "s ADDRESS" subscribes, "p ADDRESS BODY" publishes.
const uws = require("@trufflesuite/uws-js-unofficial");

const app = uws.App();
app
  .ws("/*", {
    compression: uws.DISABLED,
    idleTimeout: 600,
    maxBackpressure: 64 * 1024 * 1024,
    message(socket, data) {
      const text = Buffer.from(data);
      if (text[0] === 115) {
        socket.subscribe(text.toString("latin1", 2));
      } else {
        const space = text.indexOf(32, 2);
        app.publish(text.toString("latin1", 2, space), text.subarray(space + 1), false);
      }
    },
  })
  .listen("127.0.0.1", Number(process.argv[2]), (listening) => {
    if (!listening) throw new Error("the port is taken");
  });
