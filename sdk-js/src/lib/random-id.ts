/** Makes a name that nobody else has: 50 bits, which is enough to tell clients, tabs and sessions apart. */
export function randomId(): string {
  return Math.random().toString(36).slice(2);
}
