import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, readdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { repositoryPath } from "../../support/repository.js";
import { until } from "./until.js";

const readyWithinMillis = 30_000;
const stopWithinMillis = 10_000;

/** A hub in a process of its own, on ports that the system chose. */
export class HubProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly output: readonly string[],
  ) {}

  /**
   * Starts the built server and waits until it is ready.
   *
   * @param args what follows `java -jar hubbub-server.jar`
   * @throws Error with what the process wrote, when it ends or is not ready in time, 30 s if not given
   */
  static async start(
    args: readonly string[],
    environment: Record<string, string> = {},
    { withinMillis = readyWithinMillis }: { readonly withinMillis?: number } = {},
  ): Promise<HubProcess> {
    const java = process.env["JAVA_HOME"] ? join(process.env["JAVA_HOME"], "bin/java") : "java";
    const child = spawn(java, ["-jar", serverJar(), ...args], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hub = new HubProcess(child, collect(child));
    try {
      await hub.ready(withinMillis);
      return hub;
    } catch (failure) {
      await hub.stop();
      throw failure;
    }
  }

  /** Returns the address of the public listener, without a path. */
  get publicUrl(): string {
    return this.printed(/^ *public +(http:\/\/\S+?)\/?$/m);
  }

  /** Returns the address of the operators' listener, without a path. */
  get operatorsUrl(): string {
    return this.printed(/^ *operators +(http:\/\/\S+?)\/?$/m);
  }

  /** Returns the token that a hub in development mode prints after its addresses. */
  async token(): Promise<string> {
    const line = /^ *token +(\S+)\n/m;
    await until("printed token", () => line.test(this.text()));
    return this.printed(line);
  }

  /** Asks the hub to stop, and ends it when it does not within 10 s. */
  async stop(): Promise<void> {
    if (this.ended()) {
      return;
    }
    const exit = once(this.process, "exit");
    const force = setTimeout(() => this.process.kill("SIGKILL"), stopWithinMillis);
    this.process.kill("SIGTERM");
    await exit;
    clearTimeout(force);
  }

  /** Ends it at once, as a machine that loses power does. */
  kill(): void {
    this.process.kill("SIGKILL");
  }

  private async ready(withinMillis: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`the hub is not ready after ${String(withinMillis)} ms:\n${this.text()}`));
      }, withinMillis);
      this.process.once("error", reject);
      this.process.once("exit", (code) => {
        clearTimeout(late);
        reject(new Error(`the hub ended with ${String(code)}:\n${this.text()}`));
      });
      this.process.stdout?.on("data", () => {
        if (this.text().includes("Hubbub is ready") && /operators +http\S+\n/.test(this.text())) {
          clearTimeout(late);
          resolve();
        }
      });
    });
  }

  private printed(line: RegExp): string {
    const found = line.exec(this.text())?.[1];
    if (found === undefined) {
      throw new Error(`the hub printed no line like ${line.source}:\n${this.text()}`);
    }
    return found;
  }

  private ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  private text(): string {
    return this.output.join("");
  }
}

function collect(child: ChildProcess): readonly string[] {
  const folder = repositoryPath("sdk-js/.build");
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(join(folder, `hub-${String(child.pid)}.log`));
  const start: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      file.write(text);
      // What it prints once it is up goes to the file only.
      if (start.length < 1_000) {
        start.push(text);
      }
    });
  }
  child.once("close", () => file.end());
  return start;
}

function serverJar(): string {
  const folder = repositoryPath("hub/server/target");
  let jar: string | undefined;
  try {
    jar = readdirSync(folder).find((name) =>
      /^hubbub-server-[\w.-]+(?<!-sources)\.jar$/.test(name),
    );
  } catch {
    jar = undefined;
  }
  if (jar === undefined) {
    throw new Error("the server is not built: run scripts/test, or mvn package -DskipTests");
  }
  return join(folder, jar);
}
