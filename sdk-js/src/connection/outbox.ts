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
  let since = 0;
  let waiting = false;
  const flush = (): void => {
    const now = performance.now();
    room = Math.min(burst, room + ((now - since) / 1_000) * burst);
    since = now;
    waiting = false;
    while (frames.length) {
      if (room < 1) {
        waiting = true;
        setTimeout(flush, 50);
        return;
      }
      room--;
      send(frames.shift() ?? "");
    }
  };
  return {
    add(frame) {
      frames.push(frame);
      if (!waiting) {
        flush();
      }
    },
    clear() {
      frames = [];
    },
  };
}
