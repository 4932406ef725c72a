import type { Transport } from "../connection/transport.js";
import { randomId } from "../lib/random-id.js";
import { createWay, eachPart } from "./way.js";

/**
 * Connects by SockJS over HTTP, where proxies let neither WebSockets nor Server-Sent Events pass.
 *
 * Streams with `xhr_streaming`, or polls with `xhr` where streams are held back. It needs sticky routing: every request
 * of a connection has to reach the node that the first one reached.
 *
 * @param poll `true`: answers are held back on the way until they are whole
 */
export function sockJs({ poll = false }: { readonly poll?: boolean } = {}): Transport {
  return (url, listener) => {
    const base = `${url}/000/${randomId()}/xhr`;
    const { signal, message, end, close } = createWay(listener);
    let waiting: string[] = [];
    let sending = false;

    const take = (line: string): void => {
      const content = line.slice(1);
      if (signal.aborted) {
        return;
      }
      switch (line.charAt(0)) {
        case "o":
          listener.open();
          break;
        case "a":
          (JSON.parse(content) as readonly string[]).forEach(message);
          break;
        case "c":
          end(...(JSON.parse(content) as [number, string]));
          break;
        default:
        // A heartbeat, which only keeps the way open.
      }
    };

    const post = async (path: string, body: string | null): Promise<Response> => {
      const response = await fetch(base + path, {
        method: "POST",
        signal,
        body,
        headers: { "content-type": "text/plain" },
      });
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response;
    };

    const receive = async (): Promise<void> => {
      while (!signal.aborted) {
        await eachPart(await post(poll ? "" : "_streaming", null), "\n", take);
      }
    };

    /** Frames of one turn go in one request, and requests one after the other: so they keep their order. */
    const flush = async (): Promise<void> => {
      while (waiting.length) {
        const body = JSON.stringify(waiting);
        waiting = [];
        await post("_send", body);
      }
      sending = false;
    };

    const failed = (error: unknown): void => {
      end(1006, String(error));
    };

    receive().catch(failed);

    return {
      send(frame) {
        waiting.push(frame);
        if (!sending) {
          sending = true;
          queueMicrotask(() => {
            flush().catch(failed);
          });
        }
      },
      close,
    };
  };
}
