import { randomUUID } from "node:crypto";

/** Returns an address that no other test uses, such as `room:3f2a…`. */
export function freshAddress(kind: string): string {
  return `${kind}:${randomUUID()}`;
}

/** Returns a user that no other test uses, such as `alice-3f2a…`. */
export function freshUser(name: string): string {
  return `${name}-${randomUUID()}`;
}
