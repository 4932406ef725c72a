import type { ServerFrame } from "./frames.js";

/**
 * Decodes the text of one message from the hub: a frame, or an array of them, in the order of the message.
 *
 * A client trusts its hub: nothing is checked beyond JSON, members that are not known stay where they are, and frames
 * that are not known are for the reader to skip.
 *
 * @throws SyntaxError when the text is no JSON
 */
export function decodeMessage(text: string): readonly ServerFrame[] {
  return [JSON.parse(text)].flat() as readonly ServerFrame[];
}
