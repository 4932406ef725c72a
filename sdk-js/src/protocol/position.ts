import type { Position } from "./frames.js";

/**
 * Compares two places of one address: below zero when the first is earlier, zero when they are the same place.
 *
 * NaN when they are of different epochs, that is of different histories: then neither is earlier. For the SDK's own use;
 * to applications a position is opaque.
 */
export function comparePositions(a: Position, b: Position): number {
  const [epoch, offset] = parts(a);
  const [otherEpoch, otherOffset] = parts(b);
  return epoch === otherEpoch ? Number(offset) - Number(otherOffset) : NaN;
}

/** Tells whether who has everything up to `place` has what is at `position`; where one is not known it has not. */
export function isIn(position: Position | undefined, place: Position | undefined): boolean {
  return !!position && !!place && comparePositions(position, place) <= 0;
}

/** Takes `EPOCH.TERM:OFFSET` apart, without the term: offsets count on over terms. */
function parts(position: Position): readonly string[] {
  return position.split(/\..*:/);
}
