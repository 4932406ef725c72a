import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** With these a headless Chromium starts anywhere and keeps to itself. */
export const flags: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium that npm brought along, unpacked into a folder of its own. */
export class TestBrowser {
  private constructor(
    readonly browser: Browser,
    private readonly folder: string,
  ) {}

  /** Unpacks and starts it. */
  static async start(): Promise<TestBrowser> {
    const { executablePath, folder } = await unpackChromium();
    return new TestBrowser(await chromium.launch({ executablePath, args: [...flags] }), folder);
  }

  /** Ends it and removes what was unpacked. */
  async stop(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A whole Chromium to test with, such as Debian's, instead of the one that npm brings along; that one is a headless
 * shell, which keeps no page to go back to.
 */
export const wholeChromium: string | undefined = process.env["HUBBUB_CHROMIUM"];

/** Unpacks the browser that npm brought along into a folder of its own. */
export async function unpackChromium(): Promise<{ executablePath: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "hubbub-browser-"));
  // It unpacks to the temporary folder: one for each run, so that two runs never share half a file.
  process.env["TMPDIR"] = folder;
  if (!hasSecurityLibraries()) {
    // The package then unpacks the ones that it carries, too.
    process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs22.x";
  }
  const { default: packed } = await import("@sparticuz/chromium");
  const executablePath = wholeChromium ?? (await packed.executablePath());
  return { executablePath, folder };
}

function hasSecurityLibraries(): boolean {
  const known = spawnSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" });
  return known.stdout.includes("libnss3.so") && known.stdout.includes("libnspr4.so");
}
