/* global hubbub, window */

/** The application in the page: keeps what the SDK tells it, for the test to look at. */
window.app = {
  all: [],
  states: [],
  events: [],

  /** Connects; `options.share` and `options.store` name what is shared and kept. */
  connect(url, token, options = {}) {
    const { share, store, way } = options;
    const transports = share
      ? [hubbub.shared(share)]
      : way && [way === "sse" ? hubbub.eventStream() : hubbub.sockJs({ poll: way === "poll" })];
    this.hub = new hubbub.Hub(url, {
      token,
      transports,
      queue: store && { storage: hubbub.indexedDbQueue(store) },
    });
    this.hub.connect();
    this.hub.connection.subscribe(({ state }) => {
      if (this.states.at(-1) !== state) {
        this.states.push(state);
      }
    });
  },

  subscribe(address, options = {}) {
    this.subscription = this.hub.subscribe(address, {
      ...options,
      onEvent: ({ payload }) => this.all.push(payload.n),
      onGap: ({ reason }) => void this.all.push(`gap ${reason}`),
    });
    return this.subscription.ready;
  },

  /** Counts what is kept over a reload. */
  stored(name) {
    return new Promise((resolve) => {
      const opening = window.indexedDB.open(name, 1);
      opening.onsuccess = () => {
        const count = opening.result.transaction("queue").objectStore("queue").count();
        count.onsuccess = () => resolve(count.result);
      };
    });
  },

  look() {
    const { state, queued, error } = this.hub.connection.get();
    return {
      all: this.all,
      state,
      queued,
      error: error?.code,
      events: this.events,
      visible: window.document.visibilityState,
    };
  },
};
for (const name of ["freeze", "resume", "visibilitychange"]) {
  window.document.addEventListener(name, () => window.app.events.push(name));
}
window.addEventListener("pageshow", ({ persisted }) => {
  window.app.events.push(persisted ? "restored" : "shown");
});
window.ready = true;
