// Measures what applications load: bundled and minified by Rolldown, as Vite does, then gzip at its best; and gzip of
// what esbuild makes of the same, which names locals less evenly. Fails over a budget.
//
//   npm run size          the SDK against its budgets
//   npm run size:peers    the same of other clients beside it, at the versions that scripts/peers/package.json pins
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const peersFolder = `${root}scripts/peers`;

const react = `HubProvider, useConnection, useHub, useModel, usePresence, useReadable, useSignal, useSubscription`;

/** A budget is in bytes of gzip; 1 KB is 1,000 bytes. What is in the list at the end is what an application uses. */
const ours = [
  {
    name: "core",
    budget: 4_800,
    code: `import { Hub } from "./src/index.ts"; new Hub("/eventbus");`,
  },
  {
    name: "core + presence + signal + model",
    budget: 6_500,
    code: `import { Hub, presence, signal, model } from "./src/index.ts";
      const hub = new Hub("/eventbus"); export default [hub, presence, signal, model];`,
  },
  {
    name: "the same + /react",
    budget: 7_000,
    code: `import { Hub, presence, signal, model } from "./src/index.ts"; import { ${react} } from "./src/react.ts";
      const hub = new Hub("/eventbus"); export default [hub, presence, signal, model, ${react}];`,
  },
  {
    name: "core + /share",
    budget: 6_300,
    code: `import { Hub } from "./src/index.ts"; import { shared } from "./src/share.ts";
      new Hub("/eventbus", { transports: [shared("user")] });`,
  },
  {
    name: "everything: the above + /react + /http + /share",
    budget: 8_200,
    code: `import { Hub, presence, signal, model } from "./src/index.ts"; import { ${react} } from "./src/react.ts";
      import { eventStream, sockJs } from "./src/http.ts"; import { shared } from "./src/share.ts";
      const hub = new Hub("/eventbus", { transports: [shared("user"), eventStream(), sockJs()] });
      export default [hub, presence, signal, model, ${react}];`,
  },
];

const peers = [
  ["phoenix", `import { Socket } from "phoenix"; new Socket("/socket");`],
  [
    "phoenix",
    `import { Socket, Presence } from "phoenix"; new Presence(new Socket("/s").channel("a"));`,
    "with Presence",
  ],
  ["socket.io-client", `import { io } from "socket.io-client"; io("/");`],
  [
    "@microsoft/signalr",
    `import { HubConnectionBuilder } from "@microsoft/signalr"; new HubConnectionBuilder().withUrl("/h").build();`,
  ],
  [
    "@supabase/realtime-js",
    `import { RealtimeClient } from "@supabase/realtime-js"; new RealtimeClient("/r", { params: { apikey: "k" } });`,
  ],
  [
    "@vertx/eventbus-bridge-client.js",
    `import EventBus from "@vertx/eventbus-bridge-client.js"; new EventBus("/eventbus");`,
    "with sockjs-client",
  ],
  ["pusher-js", `import Pusher from "pusher-js"; new Pusher("k", { cluster: "c" });`],
  ["centrifuge", `import { Centrifuge } from "centrifuge"; new Centrifuge("/c");`],
  [
    "ably",
    `import * as Ably from "ably/modular"; new Ably.BaseRealtime({ key: "k", plugins: { WebSocketTransport: Ably.WebSocketTransport, FetchRequest: Ably.FetchRequest } });`,
    "modular",
  ],
  [
    "@liveblocks/client",
    `import { createClient } from "@liveblocks/client"; createClient({ publicApiKey: "pk_x" });`,
  ],
];

const target = "es2022";
const define = { "process.env.NODE_ENV": '"production"', global: "globalThis" };
// React is the application's own; the rest is for Node only.
const external = [
  "react",
  "ws",
  "node-fetch",
  "fetch-cookie",
  "tough-cookie",
  "eventsource",
  "abort-controller",
  "url",
];

async function byRolldown(code, folder) {
  const id = `${folder}/application.ts`;
  const application = {
    name: "application",
    resolveId: (source) => (source === id ? id : undefined),
    load: (loaded) => (loaded === id ? { code, moduleType: "ts" } : undefined),
  };
  const bundle = await rolldown({
    input: id,
    cwd: folder,
    external,
    platform: "browser",
    transform: { target, define },
    plugins: [application],
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm", minify: true, comments: false });
  return Buffer.from(output[0].code);
}

async function byEsbuild(contents, folder) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target,
    platform: "browser",
    define,
    external,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

async function measure(code, folder) {
  const bytes = await byRolldown(code, folder);
  return {
    min: bytes.length,
    gzip: gzip(bytes),
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
    esbuild: gzip(await byEsbuild(code, folder)),
  };
}

const rows = [];
let over = false;
for (const { name, budget, code } of ours) {
  const size = await measure(code, root);
  over ||= size.gzip > budget;
  rows.push([
    `**@hubbub/client** ${name}`,
    "",
    size,
    size.gzip > budget ? `${budget} EXCEEDED` : budget,
  ]);
}
if (process.argv.includes("--peers")) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"], {
    cwd: peersFolder,
    stdio: "inherit",
  });
  for (const [name, code, note = ""] of peers) {
    const { version } = JSON.parse(
      readFileSync(`${peersFolder}/node_modules/${name}/package.json`, "utf8"),
    );
    rows.push([`${name} ${note}`.trim(), version, await measure(code, peersFolder), ""]);
  }
}

const versionOf = (name) =>
  JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, "utf8")).version;
console.log(
  `rolldown ${versionOf("rolldown")}, esbuild ${versionOf("esbuild")}; target ${target}, minified; ` +
    "gzip level 9, brotli 11; bytes\n",
);
console.log(
  "| client | version | min | gzip | budget | brotli | gzip by esbuild |\n|---|---|---:|---:|---:|---:|---:|",
);
for (const [name, pinned, { min, gzip, brotli, esbuild }, budget] of rows) {
  console.log(`| ${name} | ${pinned} | ${min} | ${gzip} | ${budget} | ${brotli} | ${esbuild} |`);
}
process.exitCode = over ? 1 : 0;
