import type { Transport } from "../connection/transport.js";
import type { ClientFrame, Headers } from "../protocol/frames.js";

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
    const streams = new Map<string, AbortController>();
    const all = new AbortController();
    let token = "";

    const end = (code: number, reason: string): void => {
      if (!all.signal.aborted) {
        close();
        listener.close(code, reason);
      }
    };
    const close = (): void => {
      all.abort();
      for (const stream of streams.values()) {
        stream.abort();
      }
    };
    const tell = (frame: unknown): void => {
      if (!all.signal.aborted) {
        listener.message(JSON.stringify(frame));
      }
    };

    /** Fetches; a refusal becomes the frame that a socket would get. */
    const ask = async (
      about: string | undefined,
      path: string,
      { signal }: AbortController,
      headers: Record<string, string> = {},
      body?: string,
    ): Promise<Response | undefined> => {
      const response = await fetch(base + path, {
        method: body ? "POST" : "GET",
        signal,
        headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
        ...(body && { body }),
      });
      if (response.ok) {
        return response;
      }
      const refused = (await response.json()) as {
        error: string;
        message: string;
        details: object;
      };
      if (response.status === 401) {
        end(4401, refused.message);
      }
      const { error, message, details } = refused;
      const failureType = error.toUpperCase();
      tell({ type: "err", address: about, failureCode: 0, failureType, message, details });
      return undefined;
    };

    const listen = async (address: string, { position, recent }: Headers): Promise<void> => {
      const stream = new AbortController();
      streams.get(address)?.abort();
      streams.set(address, stream);
      const query = new URLSearchParams({ address, notices: "true" });
      if (position) {
        query.set("position", position);
      }
      if (recent) {
        query.set("recent", recent);
      }
      const response = await ask(address, `/sse?${String(query)}`, stream);
      if (!response?.body) {
        return;
      }
      const text = response.body.pipeThrough<string>(new TextDecoderStream());
      const reader = text.getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        const blocks = `${rest}${value ?? ""}`.split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const event = /^event: (.*)/m.exec(block)?.[1];
          const data = block
            .match(/^data: .*/gm)
            ?.map((line) => line.slice(6))
            .join("\n");
          if (data && !stream.signal.aborted) {
            const message = JSON.parse(data) as { code: number; reason: string };
            if (event === "close") {
              end(message.code, message.reason);
            } else {
              tell(event?.startsWith("hub.") ? { event, message } : message);
            }
          }
        }
        if (done) {
          // One stream that ends is a sign for all of them: each is resumed from its own position.
          end(1006, "the stream ended");
          return;
        }
      }
    };

    const publish = async (frame: Extract<ClientFrame, { type: "send" }>): Promise<void> => {
      const { address, replyAddress, body } = frame;
      const key = frame.headers?.["Idempotency-Key"];
      const response = await ask(
        replyAddress,
        "/api/v1/publish",
        all,
        { "content-type": "application/json", ...(key && { "idempotency-key": key }) },
        JSON.stringify({ address, event: body }),
      );
      if (response) {
        const answer = [await response.json()].flat() as readonly unknown[];
        tell({ type: "rec", address: replyAddress, body: answer[0] });
      }
    };

    const take = async (frame: ClientFrame): Promise<void> => {
      if (frame.type === "ping") {
        tell({ type: "pong" });
      } else if (frame.type === "register") {
        await listen(frame.address, frame.headers ?? {});
      } else if (frame.type === "unregister") {
        streams.get(frame.address)?.abort();
        streams.delete(frame.address);
      } else if (frame.address === "hub.auth") {
        // Each request shows it; when it ends the streams do, and a new one is asked for.
        ({ token } = frame.body as { token: string });
        tell({ type: "rec", address: (frame as { replyAddress?: string }).replyAddress, body: {} });
      } else {
        await publish(frame as Extract<ClientFrame, { type: "send" }>);
      }
    };

    queueMicrotask(() => {
      if (!all.signal.aborted) {
        listener.open();
      }
    });
    return {
      send(text) {
        const frame = JSON.parse(text) as ClientFrame;
        Promise.resolve()
          .then(() => take(frame))
          .catch((error: unknown) => {
            // A stream that was given up ends like this, too.
            if ((error as Error).name !== "AbortError") {
              end(1006, String(error));
            }
          });
      },
      close,
    };
  };
}
