import { execFileSync } from "node:child_process";
import type { TestProject } from "vitest/node";
import { HubProcess } from "../../e2e/support/hub-process.js";
import { repositoryPath } from "../../support/repository.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A hub in development mode, with the demos. */
    readonly demoUrl: string;
  }
}

// As the scripts do, which the tests start, too: then nothing is built again beneath a hub that runs.
const build = `set -euo pipefail
source "$1/scripts/lib.sh"
locate_server "$1"
build_all_if_older "$1"
demo_pages_are_built "$1" "$1/hub/demo/target/web/.built"`;

/** Builds what is older than its sources and starts one hub with the shipped config for all tests of the demos. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  execFileSync("bash", ["-c", build, "build", repositoryPath(".")], { stdio: "inherit" });
  const ports = ["--set", "http.port=0", "--set", "ops.port=0"];
  const config = ["--config", repositoryPath("config/hub.yaml")];
  const hub = await HubProcess.start(["start", ...config, ...ports]);
  project.provide("demoUrl", hub.publicUrl);
  return () => hub.stop();
}
