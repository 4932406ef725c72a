export { sockJs } from "./http/sockjs.js";
export { eventStream } from "./http/event-stream.js";
