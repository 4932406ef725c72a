import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "../src/index.js";
import { repositoryFile, repositoryPath } from "./support/repository.js";

const decisions = readdirSync(repositoryPath("hub/design")).filter((file) => /^\d{4}-/.test(file));

const sdkPages = readdirSync(repositoryPath("sdk-js/docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `sdk-js/docs/${file}`);

const pages = [
  "README.md",
  "hub/PROTOCOL.md",
  "hub/CHANGELOG.md",
  "hub/design/README.md",
  "hub/fixtures/README.md",
  ...decisions.map((file) => `hub/design/${file}`),
  ...sdkPages,
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

test("everyErrorOfTheHubAndOfTheSdkHasAPage", () => {
  const codes = [...Object.keys(errorCodes), "OFFLINE", "QUEUE_FULL", "CLOSED"];
  const own = readdirSync(repositoryPath("sdk-js/docs/errors"));

  expect(own.filter((file) => file !== "README.md").sort()).toEqual(
    codes.map((code) => `${code}.md`).sort(),
  );
});
