import type { Position } from "./frames.js";

/**
 * Compares two places of one address: below zero when the first is earlier, zero when they are the same place.
 *
 * NaN when they are of different epochs, that is of different histories: then neither is earlier. For the SDK's own use;
 * to applications a position is opaque.
 */
export function comparePositions(a: Position, b: Position): number {
  return epochOf(a) === epochOf(b) ? offsetOf(a) - offsetOf(b) : NaN;
}

function epochOf(position: Position): string {
  return position.slice(0, position.indexOf("."));
}

function offsetOf(position: Position): number {
  return Number(position.slice(position.lastIndexOf(":") + 1));
}
