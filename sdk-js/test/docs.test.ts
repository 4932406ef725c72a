import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryFile, repositoryPath } from "./support/repository.js";

const decisions = readdirSync(repositoryPath("hub/design")).filter((file) => /^\d{4}-/.test(file));

const pages = [
  "README.md",
  "hub/PROTOCOL.md",
  "hub/CHANGELOG.md",
  "hub/design/README.md",
  "hub/fixtures/README.md",
  ...decisions.map((file) => `hub/design/${file}`),
];

test.each(pages)("theLinksOf %s leadSomewhere", (page) => {
  const links = [...repositoryFile(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) =>
    String(link),
  );
  const missing = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(repositoryPath(join(dirname(page), link))));

  expect(missing).toEqual([]);
});

test("theIndexOfDecisionsNamesEachOfThemWithItsTitle", () => {
  const index = repositoryFile("hub/design/README.md");
  const rows = [...index.matchAll(/^\| \[(\d{4})\]\((\S+)\) \| (.+?) \|/gm)].map(
    ([, number, file, title]) => ({ file, heading: `# ${String(number)} ${String(title)}` }),
  );

  expect(rows).toEqual(
    decisions.map((file) => ({
      file,
      heading: repositoryFile(`hub/design/${file}`).split("\n")[0],
    })),
  );
});
