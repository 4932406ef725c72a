import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Returns the absolute path of something in the repository. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Reads a text file of the repository. */
export function repositoryFile(path: string): string {
  return readFileSync(repositoryPath(path), "utf8");
}
