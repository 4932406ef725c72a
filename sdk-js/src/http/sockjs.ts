import type { Transport } from "../connection/transport.js";

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
    const session = Math.random().toString(36).slice(2);
    const base = `${url}/000/${session}/`;
    const cancel = new AbortController();
    let waiting: string[] = [];
    let sending = false;
    let over = false;

    const end = (code: number, reason: string): void => {
      if (!over) {
        over = true;
        cancel.abort();
        listener.close(code, reason);
      }
    };

    const take = (line: string): void => {
      const content = line.slice(1);
      if (over) {
        return;
      }
      switch (line.charAt(0)) {
        case "o":
          listener.open();
          break;
        case "a":
          for (const text of JSON.parse(content) as readonly string[]) {
            if (!cancel.signal.aborted) {
              listener.message(text);
            }
          }
          break;
        case "c": {
          const [code, reason] = JSON.parse(content) as readonly [number, string];
          end(code, reason);
          break;
        }
        default:
        // A heartbeat, which only keeps the way open.
      }
    };

    const post = (path: string, body?: string): Promise<Response> =>
      fetch(base + path, {
        method: "POST",
        signal: cancel.signal,
        ...(body !== undefined && { body, headers: { "content-type": "text/plain" } }),
      });

    const receive = async (): Promise<void> => {
      const response = await post(poll ? "xhr" : "xhr_streaming");
      if (!response.ok || !response.body) {
        throw new Error(String(response.status));
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const lines = (rest + part.value).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach(take);
      }
    };

    /** Frames of one turn go in one request, and requests one after the other: so they keep their order. */
    const flush = async (): Promise<void> => {
      while (waiting.length) {
        const body = JSON.stringify(waiting);
        waiting = [];
        const { ok, status } = await post("xhr_send", body);
        if (!ok) {
          throw new Error(String(status));
        }
      }
      sending = false;
    };

    const failed = (error: unknown): void => {
      end(1006, String(error));
    };

    void (async () => {
      while (!cancel.signal.aborted) {
        await receive();
      }
    })().catch(failed);

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
      close() {
        over = true;
        cancel.abort();
      },
    };
  };
}
