import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { afterEach, beforeAll, afterAll, expect, inject } from "vitest";
import { TestBrowser } from "../../e2e/support/browser.js";
import { until } from "../../e2e/support/until.js";

/** What the pages say of themselves; see `hub/demo/src/main/web/shell/proof-card.ts`. */
export interface PaneProof {
  readonly position?: string;
  readonly published: number;
  readonly received: number;
  readonly behind: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly recovered: number;
  readonly versionHoles: number;
}

interface LoggedFrame {
  readonly way: "in" | "out" | "note" | "trouble";
  readonly at: number;
  readonly text: string;
}

interface DemoWindow {
  readonly __proof?: Readonly<Record<string, PaneProof>>;
  readonly pane?: {
    readonly lab: { readonly frames: readonly LoggedFrame[] };
    connection(): { readonly state: string };
  };
}

const demoUrl = inject("demoUrl");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages: DemoPage[] = [];
let spaces = 0;
let started: TestBrowser | undefined;

/** Starts a browser for the tests of a file, and closes what each of them has opened. */
export function useBrowser(): void {
  beforeAll(async () => {
    started = await TestBrowser.start();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) {
      await page.close();
    }
  });
  afterAll(async () => {
    await started?.stop();
  });
}

/** A name for a state that no other test uses. */
export function freshSpace(): string {
  return `t${process.pid.toString(36)}x${String(++spaces)}`;
}

/** A demo's page in a browser context of its own; closing it fails for any error that it had. */
export class DemoPage {
  private readonly errors: string[] = [];
  private allowed: readonly RegExp[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly space: string,
  ) {
    page.on("pageerror", ({ message }) => this.errors.push(`error: ${message}`));
    page.on("console", (said) => {
      if (said.type() === "error" || said.type() === "warning") {
        this.errors.push(`${said.type()}: ${said.text()}`);
      }
    });
  }

  /** Opens `/demo/PATH` and waits until every pane is online. */
  static async open(
    path: string,
    space: string = freshSpace(),
    url: string = demoUrl,
  ): Promise<DemoPage> {
    const { browser } = started as { browser: Browser };
    const context = await browser.newContext({ viewport: { width: 1_400, height: 900 } });
    const page = new DemoPage(context, await context.newPage(), space);
    pages.push(page);
    await page.page.goto(`${url}/demo/${path}?space=${space}`);
    await page.allOnline();
    return page;
  }

  /** Waits until every pane that is there is online. */
  async allOnline(): Promise<void> {
    const states = this.page.locator(".pane-card .pill");
    await this.see("panes that are online", async () => {
      const texts = await states.allTextContents();
      return texts.length > 0 && texts.every((text) => text.startsWith("online"));
    });
  }

  /** Opens one pane as a page of its own, as its user would have it; so that it is slow or gone without the others. */
  async openAlone(
    demo: string,
    user: string,
    browser: Browser = this.context.browser()!,
  ): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${demoUrl}/demo/${demo}/pane?user=${user}&space=${this.space}`);
    await page.waitForFunction(
      () => (window as unknown as DemoWindow).pane?.connection().state === "online",
    );
    return page;
  }

  /** The document of a pane. */
  pane(id: string): Frame {
    const frame = this.page.frame({ name: id });
    if (!frame) {
      throw new Error(`there is no pane ${id}`);
    }
    return frame;
  }

  /** Presses a button of the page, or one in the head of a pane. */
  async press(name: string, pane?: string): Promise<void> {
    const within = pane === undefined ? this.page : this.page.locator(`[data-pane="${pane}"]`);
    await within.getByRole("button", { name, exact: true }).click();
  }

  /** What the card counts for a pane. */
  async proof(pane: string): Promise<PaneProof> {
    const all = await this.page.evaluate(() => (window as unknown as DemoWindow).__proof);
    const proof = all?.[pane];
    if (!proof) {
      throw new Error(`there is no proof of ${pane}`);
    }
    return proof;
  }

  /** Every frame of a pane's socket, as it went or came, and when. */
  frames(pane: string | Page): Promise<readonly LoggedFrame[]> {
    const page = typeof pane === "string" ? this.pane(pane) : pane;
    return page.evaluate(() => (window as unknown as DemoWindow).pane?.lab.frames ?? []);
  }

  /**
   * How old what events of a type told was when a pane's socket had brought it, in milliseconds.
   *
   * @param since only events that came later, in milliseconds since 1970; payloads tell by `at` when they were made
   */
  async ages(pane: string | Page, type: string, since: number): Promise<readonly number[]> {
    const made = new RegExp(`"type":"${type}".*"at":(\\d+)`);
    return (await this.frames(pane)).flatMap(({ at, text }) => {
      const told = made.exec(text)?.[1];
      return told !== undefined && at > since ? [at - Number(told)] : [];
    });
  }

  /** The texts of those that came. */
  async incoming(pane: string): Promise<string[]> {
    return (await this.frames(pane)).filter(({ way }) => way === "in").map(({ text }) => text);
  }

  /** When a pane's socket had the first frame like this one, in milliseconds since 1970. */
  async when(pane: string, way: "in" | "out", like: RegExp): Promise<number> {
    const frames = await this.frames(pane);
    return frames.find((each) => each.way === way && like.test(each.text))?.at ?? NaN;
  }

  /** Waits until all that was published has come to a pane, and checks that nothing of it is lost or doubled. */
  async isComplete(pane: string): Promise<PaneProof> {
    let proof = await this.proof(pane);
    await this.see(`everything at ${pane}`, async () => {
      proof = await this.proof(pane);
      return proof.behind === 0 && proof.published === proof.received;
    });
    expect(proof).toMatchObject({ lost: 0, doubled: 0, versionHoles: 0 });
    return proof;
  }

  /** Waits until something is to be seen, up to 10 s. */
  async see(what: string, look: () => Promise<boolean>): Promise<void> {
    let seen = await look();
    await until(
      what,
      () => seen,
      () => this.errors,
      async () => {
        seen = await look();
      },
    );
  }

  /** Waits until a pane shows a text. */
  async sees(pane: string, text: string | RegExp): Promise<void> {
    await this.pane(pane).getByText(text).first().waitFor({ timeout: 10_000 });
  }

  /** Fails for serious findings of axe, in the page and in its panes. */
  async isAccessible(): Promise<void> {
    for (const frame of this.page.frames()) {
      await frame.evaluate(axe);
      const findings = await frame.evaluate(async () => {
        const { run } = (window as unknown as { axe: { run: (options: object) => Promise<Found> } })
          .axe;
        const { violations } = await run({ iframes: false });
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
          );
      });
      expect(findings, frame.url()).toEqual([]);
    }
  }

  /** Writes a picture to the folder that `HUBBUB_SCREENSHOTS` names; nothing without it. */
  async picture(name: string): Promise<void> {
    const folder = process.env["HUBBUB_SCREENSHOTS"];
    if (folder !== undefined) {
      await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    }
  }

  /** Lets the browser complain about a refusal that the test asks for, such as an HTTP 409. */
  mayBeRefused(...statuses: readonly number[]): void {
    this.allowed = statuses.map((status) => new RegExp(`status of ${String(status)} `));
  }

  /** Lets the browser complain about sockets and requests that end with a node. */
  mayLoseNodes(): void {
    this.allowed = [/WebSocket connection to/, /net::ERR_/];
  }

  /** What the page said about the last button. */
  async said(text: string | RegExp): Promise<void> {
    await this.page.locator(".said").getByText(text).waitFor({ timeout: 10_000 });
  }

  async close(): Promise<void> {
    await this.context.close();
    const { allowed, errors } = this;
    expect(errors.filter((error) => !allowed.some((each) => each.test(error)))).toEqual([]);
  }
}

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Returns the value that 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN;
}

/** Checks axe's findings, and takes pictures, in light and dark, wide and narrow. */
export async function looksRight(
  path: string,
  before?: (page: DemoPage) => Promise<void>,
): Promise<void> {
  const demo = await DemoPage.open(path);
  await before?.(demo);
  for (const colorScheme of ["light", "dark"] as const) {
    await demo.page.emulateMedia({ colorScheme });
    for (const [size, width] of [
      ["wide", 1_400],
      ["narrow", 420],
    ] as const) {
      await demo.page.setViewportSize({ width, height: 900 });
      await demo.isAccessible();
      const needed = await demo.page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed, `nothing sticks out of a ${size} screen`).toBeLessThanOrEqual(width);
      await demo.picture(`${path.replace("/", "-")}-${colorScheme}-${size}`);
    }
  }
}
