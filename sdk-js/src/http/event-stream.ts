import { createServer, errFrame, type Told } from "../connection/serve.js";
import type { Transport } from "../connection/transport.js";
import type { ClientFrame, NoticeMessage, ServerFrame } from "../protocol/frames.js";
import { hubError, type HubError } from "../protocol/hub-error.js";
import { eachPart } from "./each-part.js";

/**
 * Connects by Server-Sent Events and posts, which need no sticky routing: each request may reach another node.
 *
 * It speaks the frames of a socket to the SDK: an address is a stream, a publish a post. There is no presence, and no
 * request to a service. Over HTTP/1.1 browsers open six streams at once, so use HTTP/2 for more addresses.
 *
 * @param origin where `/sse` and `/api/v1` are, if not beside the mount
 */
export function eventStream(origin?: string): Transport {
  return (url, { open, message, close }) => {
    const base = origin ?? url.replace(/\/[^/]*$/, "");
    let token = "";

    const tell = (frame: Told): void => {
      queueMicrotask(() => {
        message(JSON.stringify(frame));
      });
    };

    /** Fetches; fails with what the hub refuses it for. */
    const ask = async (
      path: string,
      headers: Record<string, string>,
      request: RequestInit,
    ): Promise<Response> => {
      if (token) {
        headers["authorization"] = `Bearer ${token}`;
      }
      const response = await fetch(base + path, { ...request, headers });
      if (response.ok) {
        return response;
      }
      const { error, message, details } = (await response.json()) as HubError & { error: string };
      throw hubError(error.toUpperCase(), message, details);
    };

    /** A refusal is told as a socket would; anything else is the end, as it is on a socket. */
    const failed = (about: string, error: HubError | Error): void => {
      if (error.name !== "HubError") {
        close(1006, String(error));
      } else if ((error as HubError).code === "NOT_LOGGED_IN") {
        close(4401, error.message);
      } else {
        tell(errFrame(about, error as HubError));
      }
    };

    const take = (block: string): void => {
      const [head = "", ...lines] = block.split(/^data: /m);
      const [, event = ""] = /^event: (.*)/m.exec(head) ?? [];
      if (lines.length) {
        const told = JSON.parse(lines.join("")) as ServerFrame & NoticeMessage;
        if (event === "close") {
          close(told["code"] as number, told["reason"] as string);
        } else {
          tell(told.type ? told : { event, message: told });
        }
      }
    };

    const server = createServer(
      tell,
      (address, headers) => {
        const stream = new AbortController();
        const { signal } = stream;
        const query = new URLSearchParams({ address, ...(headers as Record<string, string>) });
        ask(`/sse?${query.toString()}`, {}, { signal })
          .then(async (response) => {
            await eachPart(response, "\n\n", (block) => {
              if (!signal.aborted) {
                take(block);
              }
            });
            // One stream that ends is a sign for all of them: each is resumed from its own position.
            close(1006, "");
          })
          .catch((error: unknown) => {
            if (!signal.aborted) {
              failed(address, error as Error);
            }
          });
        return () => {
          stream.abort();
        };
      },
      (shown, answer) => {
        // Each request shows it; when it ends the streams do, and a new one is asked for.
        token = shown;
        answer(undefined, {});
      },
      ({ address, headers, body, replyAddress = "" }, answer) => {
        const key = headers?.["Idempotency-Key"];
        ask(
          "/api/v1/publish",
          { "content-type": "application/json", ...(key && { "Idempotency-Key": key }) },
          { method: "POST", body: JSON.stringify({ address, event: body }) },
        )
          .then(async (response) => {
            answer(undefined, await response.json());
          })
          .catch((error: unknown) => {
            failed(replyAddress, error as Error);
          });
      },
    );

    queueMicrotask(open);
    return {
      send(text) {
        server.receive(JSON.parse(text) as ClientFrame);
      },
      close: server.end,
    };
  };
}
