// Socket.IO with rooms, WebSocket only, compression off, the HTTP request of each connection let go (as its documentation advises).
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  perMessageDeflate: false,
  httpCompression: false,
  pingTimeout: 60000,
});
io.engine.on("connection", (connection) => {
  connection.request = null;
});
io.on("connection", (socket) => {
  socket.on("s", (name) => socket.join(name));
  socket.on("p", (name, body) => io.to(name).emit("e", body));
});
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 10000 });
