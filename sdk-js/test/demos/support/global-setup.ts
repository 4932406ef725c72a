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

/** Builds the pages and starts one hub with the shipped config for all tests of the demos. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [repositoryPath("hub/demo/build.mjs")], { stdio: "inherit" });
  const ports = ["--set", "http.port=0", "--set", "ops.port=0"];
  const config = ["--config", repositoryPath("config/hub.yaml")];
  const hub = await HubProcess.start(["start", ...config, ...ports]);
  project.provide("demoUrl", hub.publicUrl);
  return () => hub.stop();
}
