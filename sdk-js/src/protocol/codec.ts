import { FrameError } from "./errors.js";
import type { ClientFrame, Headers, ServerFrame } from "./frames.js";

/** Encodes one frame as the text of one WebSocket or SockJS message. */
export function encodeFrame(frame: ClientFrame): string {
  return JSON.stringify(frame);
}

/**
 * Encodes several frames as one message, for a connection that was opened with `?batch=true`.
 *
 * One frame goes without the array around it; none is a programming error.
 */
export function encodeBatch(frames: readonly ClientFrame[]): string {
  const [first, ...others] = frames;
  if (first === undefined) {
    throw new RangeError("frames: none (expected: at least one)");
  }
  return others.length === 0 ? encodeFrame(first) : JSON.stringify(frames);
}

/**
 * Decodes the text of one message from the hub: a frame, or an array of them.
 *
 * Frames come in the order of the message. A frame of a type that this version does not know is left out, because a
 * newer hub may add types; fields that are not known stay where they are.
 *
 * @throws FrameError when the text is no JSON, or a known frame lacks one of its fields
 */
export function decodeMessage(text: string): readonly ServerFrame[] {
  const value = parse(text);
  return Array.isArray(value) ? value.flatMap(decodeFrame) : decodeFrame(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FrameError("the message is not JSON");
  }
}

type Fields = Readonly<Record<string, unknown>>;

function decodeFrame(value: unknown): readonly ServerFrame[] {
  if (!isObject(value)) {
    throw new FrameError("a frame is a JSON object");
  }
  switch (value["type"]) {
    case "pong":
      return [{ type: "pong" }];
    case "rec":
      return [rec(value)];
    case "err":
      return [err(value)];
    case undefined:
      return [notice(value)];
    default:
      return [];
  }
}

function rec(fields: Fields): ServerFrame {
  if (!("body" in fields)) {
    throw new FrameError("rec: body is missing");
  }
  const frame = { type: "rec", address: text(fields, "address"), body: fields["body"] } as const;
  return {
    ...frame,
    ...(fields["headers"] === undefined ? {} : { headers: headers(fields["headers"]) }),
    ...(fields["replyAddress"] === undefined ? {} : { replyAddress: text(fields, "replyAddress") }),
  };
}

function err(fields: Fields): ServerFrame {
  const details = fields["details"] ?? {};
  const number = fields["failureCode"];
  if (typeof number !== "number" || !isObject(details)) {
    throw new FrameError("err: failureCode is a number and details an object");
  }
  return {
    type: "err",
    ...(fields["address"] === undefined ? {} : { address: text(fields, "address") }),
    failureCode: number,
    failureType: text(fields, "failureType"),
    message: text(fields, "message"),
    details,
  };
}

function notice(fields: Fields): ServerFrame {
  const message = fields["message"];
  if (!isObject(message)) {
    throw new FrameError("a frame without a type has an event and a message");
  }
  return { event: text(fields, "event"), message };
}

function headers(value: unknown): Headers {
  if (!isObject(value) || !Object.values(value).every((header) => typeof header === "string")) {
    throw new FrameError("rec: headers is an object of texts");
  }
  return value as Headers;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") {
    throw new FrameError(`${name} is missing or not a text`);
  }
  return value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
