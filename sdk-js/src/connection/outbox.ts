/** Room for this many frames at once, and this many more a second: half of what the hub lets in by default. */
const burst = 100;

/** What is to be sent, at a pace that the hub takes. */
export interface Outbox {
  /** Sends a frame, after those before it. */
  add(frame: string): void;
  /** Forgets what has not left. */
  clear(): void;
}

/** Makes an outbox. */
export function createOutbox(send: (frame: string) => void): Outbox {
  let frames: string[] = [];
  let room = burst;
  const flush = (): void => {
    while (room && frames.length) {
      room--;
      setTimeout(() => {
        room++;
        flush();
      }, 1_000);
      send(frames.shift() ?? "");
    }
  };
  return {
    add(frame) {
      frames.push(frame);
      flush();
    },
    clear() {
      frames = [];
    },
  };
}
