// Writes docs/api.md from the sources: every export of every entry, with its declaration and what is said of it.
//
//   npm run docs            writes it
//   npm run docs -- --check fails when it is not what the sources say
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = {
  "@hubbub/client": "index",
  "…/react": "react",
  "…/http": "http",
  "…/share": "share",
};
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  root,
);
const program = ts.createProgram(
  Object.values(entries).map((entry) => `${root}src/${entry}.ts`),
  config.options,
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: false });

const parts = ["# Reference\n\nGenerated from the sources by `npm run docs`.\n"];
for (const [name, entry] of Object.entries(entries)) {
  const source = program.getSourceFile(`${root}src/${entry}.ts`);
  parts.push(`## ${name}\n`);
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(source))) {
    parts.push(describe(symbol));
  }
}
const text = parts.join("\n");
const file = `${root}docs/api.md`;
if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/api.md is not what the sources say: npm run docs");
  process.exitCode = 1;
}

function describe(exported) {
  const symbol =
    exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declarations = symbol.getDeclarations() ?? [];
  const said = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const code = declarations.map((declaration) => declare(symbol, declaration)).join("\n");
  return `### ${exported.name}\n\n${said ? `${said}\n\n` : ""}\`\`\`ts\n${code}\n\`\`\`\n`;
}

/** Returns a declaration without what it does. */
function declare(symbol, declaration) {
  if (ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration)) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    const flags =
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
    const shown = checker.typeToString(type, declaration, flags);
    return shown.length < 2_000 ? `const ${symbol.name}: ${shown}` : `const ${symbol.name}`;
  }
  const printed = printer.printNode(
    ts.EmitHint.Unspecified,
    declaration,
    declaration.getSourceFile(),
  );
  // Its own comment stands above.
  return printed.replace(/^\/\*\*[\s\S]*?\*\/\s*(?=export )/, "").replace(/^export /, "");
}
