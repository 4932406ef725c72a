import type { Transport } from "../connection/transport.js";
import { randomId } from "../lib/random-id.js";
import { eachPart } from "./each-part.js";

/**
 * Connects by SockJS over HTTP, where proxies let neither WebSockets nor Server-Sent Events pass.
 *
 * Streams with `xhr_streaming`, or polls with `xhr` where streams are held back. It needs sticky routing: every request
 * of a connection has to reach the node that the first one reached.
 *
 * @param poll `true`: answers are held back on the way until they are whole
 */
export function sockJs({ poll = false }: { readonly poll?: boolean } = {}): Transport {
  return (url, { open, message, close }) => {
    const base = `${url}/000/${randomId()}/xhr`;
    const ended = new AbortController();
    const { signal } = ended;
    let waiting: string[] = [];
    let sent = Promise.resolve();

    const post = async (path: string, body: string | null = null): Promise<Response> => {
      const response = await fetch(base + path, { method: "POST", signal, body });
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response;
    };

    const take = (line: string): void => {
      const content = (): unknown => JSON.parse(line.slice(1));
      if (line.startsWith("o")) {
        open();
      } else if (line.startsWith("a")) {
        (content() as readonly string[]).forEach(message);
      } else if (line.startsWith("c")) {
        close(...(content() as [number, string]));
      }
      // Anything else is a heartbeat, or what a stream begins with to come through proxies.
    };

    const receive = async (): Promise<void> => {
      while (!signal.aborted) {
        await eachPart(await post(poll ? "" : "_streaming"), "\n", take);
      }
    };

    /** What waits goes in one request. */
    const flush = async (): Promise<void> => {
      const body = JSON.stringify(waiting);
      if (waiting.length) {
        waiting = [];
        await post("_send", body);
      }
    };

    const failed = (error: unknown): void => close(1006, String(error));

    receive().catch(failed);

    return {
      send(frame) {
        waiting.push(frame);
        // One request after the other: so frames keep their order.
        sent = sent.then(flush).catch(failed);
      },
      close() {
        ended.abort();
      },
    };
  };
}
