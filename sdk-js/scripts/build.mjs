// Builds what is published: ES modules with their types for each entry, and one script file for a page without modules.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const options = {
  absWorkingDir: root,
  bundle: true,
  target: "es2022",
  platform: "browser",
  external: ["react"],
  sourcemap: true,
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  ...options,
  entryPoints: ["src/index.ts", "src/react.ts", "src/http.ts", "src/share.ts"],
  format: "esm",
  splitting: true,
  chunkNames: "parts/[hash]",
  outdir: "dist",
});
await build({
  ...options,
  entryPoints: ["src/script.ts"],
  format: "iife",
  globalName: "hubbub",
  minify: true,
  outfile: "dist/hubbub.js",
});
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
