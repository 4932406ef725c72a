export * from "./http.js";
export * from "./index.js";
export * from "./share.js";
