import type { Transport } from "./transport.js";

/** As much of a `WebSocket` as the SDK uses, so that Node 20 can hand in the one of `ws`. */
export interface WebSocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(): void;
}

/** A class of WebSockets. */
export type WebSocketClass = new (url: string) => WebSocketLike;

/** Connects by a plain WebSocket; uses the global one where none is handed in. */
export function webSocket(Class?: WebSocketClass): Transport {
  return (url, listener) => {
    const { href } = new URL(
      `${url}/websocket?batch=true`,
      (globalThis as { location?: { href: string } }).location?.href,
    );
    const socket = new (Class ?? WebSocket)(href.replace("http", "ws"));
    socket.onopen = listener.open;
    socket.onmessage = (event: { data: string }) => listener.message(event.data);
    socket.onclose = (event: { code: number; reason: string }) =>
      listener.close(event.code, event.reason);
    // A close follows every error and tells as much.
    socket.onerror = () => undefined;
    return {
      send(frame) {
        socket.send(frame);
      },
      close() {
        socket.close();
      },
    };
  };
}
