import type {
  ClientFrame,
  ErrFrame,
  Headers,
  RegisterHeaders,
  SendFrame,
  ServerFrame,
} from "../protocol/frames.js";
import type { HubError } from "../protocol/hub-error.js";
import type { Answer } from "./contract.js";

/** A frame as the SDK needs it: it goes by the names of refusals. */
export type Told = Exclude<ServerFrame, ErrFrame> | Omit<ErrFrame, "failureCode">;

/** Takes the frames of the SDK where there is no socket, and does for it what the hub would. */
export interface Server {
  receive(frame: ClientFrame): void;
  /** Listens to nothing any more. */
  end(): void;
}

/** Makes the frame that tells of a refusal. */
export function errFrame(address: string, { code, message, details }: HubError): Told {
  return { type: "err", address, failureType: code, message, details };
}

/**
 * Makes a server that listens to each address once.
 *
 * @param tell tells the SDK, later than what it answers to
 * @param listen tells what comes for an address, until the function that it returns is called
 * @param login takes a token; the answer says whose it is
 * @param pass takes what is for the address of a frame
 */
export function createServer(
  tell: (frame: Told) => void,
  listen: (address: string, headers: Headers & RegisterHeaders) => () => void,
  login: (token: string, answer: Answer) => void,
  pass: (frame: SendFrame, answer: Answer) => void,
): Server {
  const joined = new Map<string, () => void>();
  const leave = (address: string): void => {
    joined.get(address)?.();
    joined.delete(address);
  };
  return {
    receive(frame) {
      if (frame.type === "ping") {
        tell({ type: "pong" });
        return;
      }
      const { address } = frame;
      if (frame.type === "register") {
        leave(address);
        joined.set(address, listen(address, frame.headers ?? {}));
      } else if (frame.type === "unregister") {
        leave(address);
      } else {
        // The SDK sends no other kind.
        const { body, replyAddress = "" } = frame as SendFrame;
        const answer: Answer = (error, told) =>
          tell(
            error
              ? errFrame(replyAddress, error)
              : { type: "rec", address: replyAddress, body: told },
          );
        if (address === "hub.auth") {
          login((body as { token: string }).token, answer);
        } else {
          pass(frame as SendFrame, answer);
        }
      }
    },
    end() {
      for (const address of joined.keys()) {
        leave(address);
      }
    },
  };
}
