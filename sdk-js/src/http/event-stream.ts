import { createServer, errFrame } from "../connection/serve.js";
import type { Transport } from "../connection/transport.js";
import type { ClientFrame, ErrorDetails, Headers, ServerFrame } from "../protocol/frames.js";
import { createWay, eachPart } from "./way.js";

/**
 * Connects by Server-Sent Events and posts, which need no sticky routing: each request may reach another node.
 *
 * It speaks the frames of a socket to the SDK: an address is a stream, a publish a post. There is no presence, and no
 * request to a service. Over HTTP/1.1 browsers open six streams at once, so use HTTP/2 for more addresses.
 *
 * @param origin where `/sse` and `/api/v1` are, if not beside the mount
 */
export function eventStream(origin?: string): Transport {
  return (url, listener) => {
    const base = origin ?? url.replace(/\/[^/]*$/, "");
    const { signal, message, end, close } = createWay(listener);
    let token = "";

    const tell = (frame: ServerFrame): void => {
      message(JSON.stringify(frame));
    };

    /** Fetches; a refusal becomes the frame that a socket would get. */
    const ask = async (
      about: string,
      path: string,
      request: Omit<RequestInit, "headers"> & { readonly headers?: Record<string, string> },
    ): Promise<Response | undefined> => {
      const response = await fetch(base + path, {
        ...request,
        headers: { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) },
      });
      if (response.ok) {
        return response;
      }
      const { error, message, details } = (await response.json()) as {
        error: string;
        message: string;
        details: ErrorDetails;
      };
      if (response.status === 401) {
        end(4401, message);
      }
      tell(errFrame(about, { code: error.toUpperCase(), message, details }));
      return undefined;
    };

    const take = (block: string): void => {
      const event = /^event: (.*)/m.exec(block)?.[1];
      const data = block.match(/^data: .*/gm)?.map((line) => line.slice(6));
      if (data) {
        const message = JSON.parse(data.join("\n")) as { code: number; reason: string };
        if (event === "close") {
          end(message.code, message.reason);
        } else {
          tell((event?.startsWith("hub.") ? { event, message } : message) as ServerFrame);
        }
      }
    };

    const failed = (error: unknown): void => {
      // A stream that was given up ends like this, too.
      if ((error as Error).name !== "AbortError") {
        end(1006, String(error));
      }
    };

    const listen = async (
      stream: AbortController,
      address: string,
      headers: Headers,
    ): Promise<void> => {
      const query = new URLSearchParams({ address, ...(headers as Record<string, string>) });
      const response = await ask(address, `/sse?${String(query)}`, stream);
      if (response) {
        await eachPart(response, "\n\n", (block) => {
          if (!stream.signal.aborted) {
            take(block);
          }
        });
        // One stream that ends is a sign for all of them: each is resumed from its own position.
        end(1006, "the stream ended");
      }
    };

    const server = createServer({
      tell,
      listen(address, headers) {
        const stream = new AbortController();
        listen(stream, address, headers).catch(failed);
        return () => {
          stream.abort();
        };
      },
      login(shown) {
        // Each request shows it; when it ends the streams do, and a new one is asked for.
        token = shown;
        return {};
      },
      async pass({ address, headers, body, replyAddress = "" }, answer) {
        const key = headers?.["Idempotency-Key"];
        const response = await ask(replyAddress, "/api/v1/publish", {
          method: "POST",
          signal,
          headers: {
            "content-type": "application/json",
            ...(key && { "idempotency-key": key }),
          },
          body: JSON.stringify({ address, event: body }),
        });
        if (response) {
          answer(undefined, ([await response.json()].flat() as readonly unknown[])[0]);
        }
      },
    });
    signal.addEventListener("abort", server.end);

    queueMicrotask(() => {
      if (!signal.aborted) {
        listener.open();
      }
    });
    return {
      send(text) {
        Promise.resolve()
          .then(() => server.receive(JSON.parse(text) as ClientFrame))
          .catch(failed);
      },
      close,
    };
  };
}
