import type { TransportListener } from "../connection/transport.js";

/** What the ways over HTTP have in common: when one is over, all of its requests are, and nothing more is told. */
export interface Way {
  /** Ends every request of it. */
  readonly signal: AbortSignal;
  message(text: string): void;
  /** It is over, and the listener does not know yet. */
  end(code: number, reason: string): void;
  /** It is over at the listener's wish. */
  close(): void;
}

/** Makes a way that tells a listener. */
export function createWay(listener: TransportListener): Way {
  const cancel = new AbortController();
  const { signal } = cancel;
  const close = (): void => {
    cancel.abort();
  };
  return {
    signal,
    message(text) {
      if (!signal.aborted) {
        listener.message(text);
      }
    },
    end(code, reason) {
      if (!signal.aborted) {
        close();
        listener.close(code, reason);
      }
    },
    close,
  };
}

/** Reads the text of a response that has one, and takes each part as soon as the separator behind it has come. */
export async function eachPart(
  response: Response,
  separator: string,
  take: (part: string) => void,
): Promise<void> {
  const text = response.body?.pipeThrough<string>(new TextDecoderStream());
  if (!text) {
    throw new Error("no body");
  }
  const reader = text.getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const parts = (rest + read.value).split(separator);
    rest = parts.pop() ?? "";
    parts.forEach(take);
  }
}
