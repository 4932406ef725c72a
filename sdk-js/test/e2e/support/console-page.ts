import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { until } from "./until.js";
import type { TestBrowser } from "./browser.js";

/** What stands behind the hash in `console.yaml`. */
export const adminKey = "console-admin-key";

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

type AxeWindow = typeof globalThis & {
  readonly axe: { run(): Promise<{ readonly violations: readonly Finding[] }> };
};

/** The operators' console in a browser, and everything that its page complained about. */
export class ConsolePage {
  readonly complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on("console", (message) => {
      // A call that is refused is told by the browser, too; that is what the test is about then.
      if (message.type() === "error" && !message.text().includes("status of 4")) {
        this.complaints.push(message.text());
      }
    });
    page.on("pageerror", (failure) => this.complaints.push(failure.message));
  }

  /** Opens the console of a node; with `admin` the key is there already. */
  static async open(
    browser: TestBrowser,
    operatorsUrl: string,
    how: { readonly admin?: boolean; readonly dark?: boolean; readonly narrow?: boolean } = {},
  ): Promise<ConsolePage> {
    const context = await browser.browser.newContext({
      colorScheme: how.dark ? "dark" : "light",
      viewport: how.narrow ? { width: 390, height: 800 } : { width: 1280, height: 800 },
    });
    if (how.admin) {
      await context.addInitScript((key) => {
        sessionStorage.setItem("hubbub.key", key);
      }, adminKey);
    }
    const page = new ConsolePage(context, await context.newPage());
    await page.page.goto(`${operatorsUrl}/console`);
    return page;
  }

  /** Goes to a screen, by what stands behind the hash, and waits until it shows a text. */
  async go(hash: string, text: string): Promise<void> {
    await this.page.evaluate((place) => {
      location.hash = place;
    }, hash);
    await this.shows(text);
  }

  /** Waits until the screen shows a text. */
  async shows(text: string): Promise<void> {
    let seen = "";
    await until(
      `"${text}" on the page`,
      () => seen.includes(text),
      () => seen,
      async () => {
        seen = await this.page.locator("#screen").innerText();
      },
    );
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Answers the dialog that asks why. */
  async confirm(yes: string, reason: string): Promise<void> {
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Why").fill(reason);
    await dialog.getByRole("button", { name: yes }).click();
  }

  /** Returns what makes the page hard to use for people with disabilities, and is not a matter of taste. */
  async seriousFindings(): Promise<readonly string[]> {
    const file = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
    await this.page.evaluate(readFileSync(file, "utf8"));
    const { violations } = await this.page.evaluate(() => (globalThis as AxeWindow).axe.run());
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`),
      );
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
