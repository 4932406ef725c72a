/* global EventBus, window */

/**
 * The application in the page: keeps what the stock client tells it, for the test to look at.
 *
 * Plain script, because the page loads it beside the stock client, as applications do.
 */
window.app = {
  events: [],
  refusals: [],
  notices: [],
  opened: 0,
  closes: [],

  /** Connects with one transport and subscribes; after a cut it comes back by itself and resumes. */
  subscribe(url, transport, address) {
    const bus = new EventBus(url, {
      transports: transport,
      vertxbus_ping_interval: 1000,
      vertxbus_reconnect_delay_min: 50,
      vertxbus_reconnect_delay_max: 200,
    });
    bus.enableReconnect(true);
    bus.onerror = (error) => this.refusals.push(error);
    bus.onclose = (event) => this.closes.push({ code: event.code, reason: event.reason });
    bus.onevent = (event, message) => this.notices.push({ event, message }) > 0;
    bus.onopen = () => {
      this.opened += 1;
      const last = this.events.at(-1)?.position;
      const headers = { notices: "true", ...(last === undefined ? {} : { position: last }) };
      bus.registerHandler(address, headers, (refusal, message) => {
        if (refusal === null) {
          this.events.push({ position: message.headers.position, body: message.body });
        } else {
          this.refusals.push(refusal);
        }
      });
    };
  },
};
