import type { Transport } from "../connection/transport.js";
import type { ClientFrame, Headers, Position } from "../protocol/frames.js";

/** How the HTTP side is reached where it is not beside the mount. */
export interface EventStreamOptions {
  /** Where `/sse` and `/api/v1` are; beside the mount if not given. */
  readonly origin?: string | undefined;
}

interface Published {
  readonly id: string;
  readonly position?: Position;
  readonly duplicate: boolean;
}

/**
 * Connects by Server-Sent Events and posts, which need no sticky routing: each request may reach another node.
 *
 * It speaks the frames of a socket to the SDK: an address is a stream, a publish a post. There is no presence, and no
 * request to a service. One stream an address: over HTTP/1.1 browsers open six at once, so use HTTP/2 for more.
 */
export function eventStream({ origin }: EventStreamOptions = {}): Transport {
  return (url, listener) => {
    const base =
      origin ??
      new URL(
        ".",
        new URL(url, (globalThis as { location?: { href: string } }).location?.href),
      ).href.slice(0, -1);
    const cancel = new AbortController();
    const streams = new Map<string, AbortController>();
    let token: string | undefined;
    let over = false;

    const end = (code: number, reason: string): void => {
      if (!over) {
        over = true;
        stop();
        listener.close(code, reason);
      }
    };
    const stop = (): void => {
      cancel.abort();
      streams.forEach((stream) => {
        stream.abort();
      });
    };
    const tell = (frame: object): void => {
      if (!over) {
        listener.message(JSON.stringify(frame));
      }
    };
    const err = (address: string, status: number, body: Refusal, wait?: number): void => {
      tell({
        type: "err",
        address,
        failureCode: status,
        failureType: (body.error ?? "unavailable").toUpperCase(),
        message: body.message ?? String(status),
        details: { ...body.details, ...(wait && { retryAfterMillis: wait }) },
      });
    };
    const headers = (): Record<string, string> =>
      token ? { authorization: `Bearer ${token}` } : {};

    const listen = async (address: string, { position, recent }: Headers): Promise<void> => {
      const stream = new AbortController();
      streams.get(address)?.abort();
      streams.set(address, stream);
      const query = new URLSearchParams({ address, frames: "true" });
      if (position) {
        query.set("position", position);
      } else if (recent) {
        query.set("recent", recent);
      }
      const response = await fetch(`${base}/sse?${String(query)}`, {
        headers: headers(),
        signal: stream.signal,
      });
      if (response.status === 401) {
        end(4401, "the token is not accepted");
      } else if (!response.ok || !response.body) {
        await refuse(address, response);
      } else {
        await read(response.body, (event, data) => {
          if (event === "close") {
            const { code, reason } = JSON.parse(data) as { code: number; reason: string };
            end(code, reason);
          } else if (!stream.signal.aborted && !over) {
            listener.message(data);
          }
        });
        if (!stream.signal.aborted) {
          // One stream that ends is a sign for all of them: the SDK resumes each from its own position.
          end(1006, "the stream ended");
        }
      }
    };

    const refuse = async (address: string, response: Response): Promise<void> => {
      const wait = Number(response.headers.get("retry-after")) * 1_000;
      err(address, response.status, await body(response), wait || undefined);
    };

    const send = async (frame: Extract<ClientFrame, { type: "send" }>): Promise<void> => {
      const { address, replyAddress = "", headers: more = {} } = frame;
      const key = more["Idempotency-Key"];
      const response = await fetch(`${base}/api/v1/publish`, {
        method: "POST",
        headers: {
          ...headers(),
          "content-type": "application/json",
          ...(key && { "idempotency-key": key }),
        },
        body: JSON.stringify({ address, event: frame.body }),
        signal: cancel.signal,
      });
      if (response.ok) {
        const answer = (await response.json()) as Published | readonly Published[];
        tell({ type: "rec", address: replyAddress, body: [answer].flat()[0] });
      } else {
        await refuse(replyAddress, response);
      }
    };

    const take = (frame: ClientFrame): Promise<void> | undefined => {
      switch (frame.type) {
        case "ping":
          queueMicrotask(() => {
            tell({ type: "pong" });
          });
          return undefined;
        case "register":
          return listen(frame.address, frame.headers ?? {});
        case "unregister":
          streams.get(frame.address)?.abort();
          streams.delete(frame.address);
          return undefined;
        case "send":
          if (frame.address !== "hub.auth") {
            return send(frame);
          }
          token = (frame.body as { token: string }).token;
          queueMicrotask(() => {
            tell({ type: "rec", address: frame.replyAddress, body: { expiresAt: endOf(token) } });
          });
          return undefined;
        case "publish":
          // The SDK sends none.
          return undefined;
      }
    };

    queueMicrotask(() => {
      if (!over) {
        listener.open();
      }
    });
    return {
      send(text) {
        take(JSON.parse(text) as ClientFrame)?.catch((error: unknown) => {
          // A stream that was given up ends like this, too.
          if ((error as Error).name !== "AbortError") {
            end(1006, String(error));
          }
        });
      },
      close() {
        over = true;
        stop();
      },
    };
  };
}

interface Refusal {
  readonly error?: string;
  readonly message?: string;
  readonly details?: object;
}

async function body(response: Response): Promise<Refusal> {
  try {
    return (await response.json()) as Refusal;
  } catch {
    // A proxy's page, not the hub's words.
    return {};
  }
}

/** Reads a stream of events; lines of data belong to one event until a blank line. */
async function read(
  bytes: ReadableStream<Uint8Array>,
  take: (event: string | undefined, data: string) => void,
): Promise<void> {
  const reader = bytes.pipeThrough(new TextDecoderStream() as never).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = `${rest}${String(part.value)}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s));
      const data = fields.filter(([name]) => name === "data").map(([, value]) => value ?? "");
      if (data.length) {
        take(fields.find(([name]) => name === "event")?.[1], data.join("\n"));
      }
    }
  }
}

/** Reads when a token ends, which the hub tells on sockets only. */
function endOf(token: string | undefined): number | null {
  try {
    const claims = atob((token ?? "").split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? "");
    return (JSON.parse(claims) as { exp: number }).exp * 1_000;
  } catch {
    // Not a JWT: it holds until the hub says otherwise.
    return null;
  }
}
