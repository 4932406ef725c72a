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

/** What stands between the SDK and the hub where there is no socket, and does for the SDK what the hub would. */
export interface Service {
  /** Tells the SDK, later than what it answers to. */
  tell(frame: Told): void;
  /** Tells what comes for an address, until the function that it returns is called. */
  listen(address: string, headers: Headers & RegisterHeaders): () => void;
  /** Takes a token; the answer says whose it is. */
  login(token: string, answer: Answer): void;
  /** Takes what is for the address of a frame. */
  pass(frame: SendFrame, answer: Answer): void;
}

/** Takes the frames of the SDK to a service. */
export interface Server {
  receive(frame: ClientFrame): void;
  /** Listens to nothing any more. */
  end(): void;
}

/** Makes the frame that tells of a refusal. */
export function errFrame(address: string, { code, message, details }: HubError): Told {
  return { type: "err", address, failureType: code, message, details };
}

/** Makes a server that listens to each address once. */
export function createServer({ tell, listen, login, pass }: Service): Server {
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
      [...joined.keys()].forEach(leave);
    },
  };
}
