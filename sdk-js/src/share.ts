export { shared } from "./share/shared.js";
