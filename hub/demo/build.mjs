// Builds the demos' pages into target/web: for each `…/page.ts` and `…/pane.ts` a script and a page that loads it, the
// style sheets, and the sources as text. Uses the packages of sdk-js and has none of its own.
//
//   node hub/demo/build.mjs          builds
//   node hub/demo/build.mjs --watch  and again at every change
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const from = join(root, "hub/demo/src/main/web");
const to = join(root, "hub/demo/target/web");
const sdk = join(root, "sdk-js");
const esbuild = createRequire(join(sdk, "package.json"))("esbuild");

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const web = files(from).map((file) => relative(from, file));
const scripts = web.filter(
  (file) => /(\/|-)(page|pane)\.tsx?$/.test(file) && !file.startsWith("shell/"),
);

/** `inbox/page.ts` is /demo/inbox, `inbox/react-page.tsx` is /demo/inbox/react, `inbox/pane.ts` is /demo/inbox/pane. */
function pageOf(script) {
  const folder = dirname(script);
  const name = basename(script, extname(script)).replace(/-?page$/, "");
  return `${join(folder, name)}.html`;
}

function html(script) {
  const folder = dirname(script);
  const styles = ["shell/shell.css", `${folder}/style.css`].filter((file) => web.includes(file));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hubbub demos</title>
<link rel="icon" href="/demo/shell/icon.svg" type="image/svg+xml">
${styles.map((file) => `<link rel="stylesheet" href="/demo/${file}">`).join("\n")}
<script type="module" src="/demo/${script.replace(/tsx?$/, "js")}"></script>
</head>
<body></body>
</html>
`;
}

function write(file, text) {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  writeFileSync(join(to, file), text);
}

/** The sources of each demo, as text, with an index that tells how long they are. */
function sources() {
  const index = {};
  for (const [folder, prefix] of [
    [from, ""],
    [join(root, "hub/demo/src/main/java/dev/hubbub/demo"), "java/"],
  ]) {
    for (const file of files(folder).filter((each) => /\.(tsx?|java|css)$/.test(each))) {
      const path = relative(folder, file);
      const text = readFileSync(file, "utf8");
      const demo = dirname(path).split("/")[0];
      write(`source/${prefix}${path}`, text);
      if (demo !== "." && !path.endsWith("package-info.java")) {
        const lines = text.trimEnd().split("\n").length;
        (index[demo] ??= []).push({ path: `${prefix}${path}`, lines });
      }
    }
  }
  write("source/index.json", JSON.stringify(index));
}

function copy() {
  for (const file of web.filter((each) => /\.(css|svg)$/.test(each))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
  }
  for (const script of scripts) {
    write(pageOf(script), html(script));
  }
  sources();
}

const options = {
  absWorkingDir: from,
  entryPoints: scripts,
  outdir: to,
  outbase: from,
  bundle: true,
  format: "esm",
  splitting: true,
  chunkNames: "parts/[hash]",
  target: "es2022",
  minify: true,
  sourcemap: true,
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  tsconfig: join(from, "tsconfig.json"),
  nodePaths: [join(sdk, "node_modules")],
  logLevel: "warning",
  plugins: [{ name: "pages", setup: (build) => build.onEnd(copy) }],
};

rmSync(to, { recursive: true, force: true });
if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
