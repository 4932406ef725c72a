import { build } from "esbuild";
import type { TestProject } from "vitest/node";
import { repositoryPath } from "../../support/repository.js";
import { HubProcess } from "./hub-process.js";
import { PageServer } from "./page-server.js";
import { secret } from "./tokens.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The hub's public listener. */
    readonly hubUrl: string;
    /** A page on an origin that the hub lets in. */
    readonly pageUrl: string;
    /** The same page on an origin that it does not. */
    readonly foreignPageUrl: string;
  }
}

/** Starts one hub and the pages for all end-to-end tests. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const sdk = await sdkAsScript();
  const page = await PageServer.start(sdk);
  const foreignPage = await PageServer.start(sdk);
  const pages = [page, foreignPage];
  try {
    const config = repositoryPath("sdk-js/test/e2e/hub.yaml");
    const environment = { HUB_TEST_SECRET: secret, HUB_TEST_ORIGIN: page.origin };
    const hub = await HubProcess.start(["start", "--config", config], environment);
    project.provide("hubUrl", hub.publicUrl);
    project.provide("pageUrl", page.origin);
    project.provide("foreignPageUrl", foreignPage.origin);
    return async () => {
      await hub.stop();
      await Promise.all(pages.map((each) => each.stop()));
    };
  } catch (failure) {
    await Promise.all(pages.map((each) => each.stop()));
    throw failure;
  }
}

/** Bundles the SDK as applications without modules load it. */
async function sdkAsScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [repositoryPath("sdk-js/src/script.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "hubbub",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
