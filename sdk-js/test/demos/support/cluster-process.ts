import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { until } from "../../e2e/support/until.js";
import { repositoryPath } from "../../support/repository.js";

const nodes = 3;
const readyWithinMillis = 90_000;
/** Where `scripts/cluster` counts up from: the demos, the public and the operators' listeners, Hazelcast. */
const firstPorts = [8_070, 8_080, 9_090, 5_701];

/** Three nodes and the demos beside them, as `scripts/cluster` starts them. */
export class ClusterProcess {
  private constructor(
    private readonly process: ChildProcess,
    readonly demoUrl: string,
  ) {}

  /** Starts the cluster on ports that nobody listens on, and waits until it is ready. */
  static async start(): Promise<ClusterProcess> {
    const base = await freeBase();
    let served = false;
    const args = [String(nodes), "--base", String(base)];
    const child = spawn(repositoryPath("scripts/cluster"), args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HUBBUB_JAVA_OPTS: "-Xmx256m" },
    });
    const cluster = new ClusterProcess(child, `http://localhost:${String(8_070 + base)}`);
    try {
      await says(child, "the demos:");
      await until(
        "the demos",
        () => served,
        () => undefined,
        async () => {
          served = await isServed(cluster.demoUrl);
        },
      );
      return cluster;
    } catch (failure) {
      await cluster.stop();
      throw failure;
    }
  }

  /** Stops all of it, as the script does when it is told to. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGTERM");
      await ended;
    }
  }
}

/** Waits until a process has written a text; fails with all that it wrote when it ends, or takes too long. */
function says(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (why: string): void => {
      reject(new Error(`scripts/cluster ${why}: ${output}`));
    };
    const timer = setTimeout(fail, readyWithinMillis, "is not ready");
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(text)) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.once("exit", () => {
      clearTimeout(timer);
      fail("ended");
    });
  });
}

async function isServed(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/demo/`).catch(() => undefined);
  return answer?.ok === true;
}

async function freeBase(): Promise<number> {
  for (let base = 1_000; base < 20_000; base += 50) {
    const ports = firstPorts.flatMap((port) => [0, 1, 2].map((node) => port + base + node));
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) {
      return base;
    }
  }
  throw new Error("no ports are free for a cluster");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
