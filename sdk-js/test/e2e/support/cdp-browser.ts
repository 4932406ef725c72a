import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { flags, unpackChromium } from "./browser.js";
import { until, within } from "./until.js";

type Answer = (error: Error | undefined, result: unknown) => void;

/**
 * A headless Chromium without a driver between: its tabs can be hidden and frozen, which a driver prevents.
 */
export class CdpBrowser {
  private readonly answers = new Map<number, Answer>();
  private count = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: WebSocket,
    private readonly folder: string,
  ) {
    socket.on("message", (data: Buffer) => {
      const { id, error, result } = JSON.parse(data.toString("utf8")) as {
        id?: number;
        error?: { message: string };
        result?: unknown;
      };
      const answer = this.answers.get(id ?? 0);
      this.answers.delete(id ?? 0);
      answer?.(error && new Error(error.message), result);
    });
  }

  static async start(): Promise<CdpBrowser> {
    const { executablePath, folder } = await unpackChromium();
    const profile = await mkdtemp(join(folder, "profile-"));
    const more = ["--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
    const child = spawn(executablePath, [...flags, ...more], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said += data.toString("utf8")));
    await until(
      "address of the browser",
      () => /ws:\/\/\S+/.test(said),
      () => said,
    );
    const socket = new WebSocket(/ws:\/\/\S+/.exec(said)?.[0] ?? "");
    await once(socket, "open");
    return new CdpBrowser(child, socket, folder);
  }

  /** Opens a tab and waits until its page is loaded. */
  async open(url: string): Promise<CdpTab> {
    const { targetId } = await this.send<{ targetId: string }>("Target.createTarget", { url });
    const { sessionId } = await this.send<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const tab = new CdpTab(this, targetId, sessionId);
    await tab.send("Page.enable");
    await tab.loaded();
    return tab;
  }

  /** Calls a method of the browser, or of a tab; fails with the browser's words. */
  send<Result = unknown>(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.count;
    const answer = new Promise<Result>((resolve, reject) => {
      this.answers.set(id, (error, result) => {
        if (error) {
          reject(error);
        } else {
          resolve(result as Result);
        }
      });
    });
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    return within(method, answer);
  }

  async stop(): Promise<void> {
    const exit = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exit;
    this.socket.terminate();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One tab. */
export class CdpTab {
  constructor(
    private readonly browser: CdpBrowser,
    private readonly targetId: string,
    private readonly sessionId: string,
  ) {}

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    return this.browser.send<Result>(method, params, this.sessionId);
  }

  /** Evaluates an expression in the page, waits for what it promises, and returns its value. */
  async evaluate<Value = unknown>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: Value };
      exceptionDetails?: object;
    }>("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(JSON.stringify(exceptionDetails).slice(0, 500));
    }
    return result.value;
  }

  /** Waits until the page's scripts have run. */
  async loaded(): Promise<void> {
    let isLoaded = false;
    await until(
      "loaded page",
      () => isLoaded,
      () => undefined,
      async () => {
        isLoaded = await this.evaluate<boolean>("!!globalThis.ready").catch(() => false);
      },
    );
  }

  /** Hides the tab's window, or shows it again. */
  async hide(hidden: boolean): Promise<void> {
    const { targetId } = this;
    const { windowId } = await this.browser.send<{ windowId: number }>(
      "Browser.getWindowForTarget",
      { targetId },
    );
    const bounds = { windowState: hidden ? "minimized" : "normal" };
    await this.browser.send("Browser.setWindowBounds", { windowId, bounds });
  }

  /** Stops everything in the page, as a browser does with tabs in the background. */
  async freeze(): Promise<void> {
    await this.send("Page.setWebLifecycleState", { state: "frozen" });
  }

  async resume(): Promise<void> {
    await this.send("Page.setWebLifecycleState", { state: "active" });
  }

  /** Goes to another page, as a link does. */
  async leaveFor(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    let at = "";
    await until(
      "another page",
      () => at === url,
      () => at,
      async () => {
        at = await this.evaluate<string>("location.href").catch(() => "");
      },
    );
  }

  /** Goes back to the page before. */
  async back(): Promise<void> {
    const { currentIndex, entries } = await this.send<{
      currentIndex: number;
      entries: readonly { readonly id: number }[];
    }>("Page.getNavigationHistory");
    await this.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex - 1]?.id });
    await this.loaded();
  }

  async reload(): Promise<void> {
    await this.evaluate("globalThis.ready = undefined");
    await this.send("Page.reload");
    await this.loaded();
  }

  async close(): Promise<void> {
    await this.browser.send("Target.closeTarget", { targetId: this.targetId });
  }
}
