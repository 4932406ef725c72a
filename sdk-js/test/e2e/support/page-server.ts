import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { repositoryPath } from "../../support/repository.js";

const modules = repositoryPath("sdk-js/node_modules");

/** A web server with a page of the application's own: the stock client and a few lines around it. */
export class PageServer {
  private constructor(private readonly server: Server) {}

  /**
   * Starts on a port that the system chooses; every one is another origin.
   *
   * @param sdk the SDK as one script
   */
  static async start(sdk: string): Promise<PageServer> {
    const files = new Map([
      ["/", ["text/html", page]],
      ["/sockjs.js", ["text/javascript", read("sockjs-client/dist/sockjs.min.js")]],
      [
        "/eventbus.js",
        ["text/javascript", read("@vertx/eventbus-bridge-client.js/vertx-eventbus.js")],
      ],
      ["/app.js", ["text/javascript", beside("page.js")]],
      ["/sdk", ["text/html", sdkPage]],
      ["/sdk.js", ["text/javascript", sdk]],
      ["/sdk-app.js", ["text/javascript", beside("sdk-page.js")]],
      ["/other", ["text/html", "<!doctype html><title>Another page</title>"]],
    ]);
    const server = createServer((request, response) => {
      const [type, text] = files.get(request.url ?? "") ?? [];
      response.writeHead(text === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PageServer(server);
  }

  /** Returns the origin of the page. */
  get origin(): string {
    return `http://localhost:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Stops, cutting what is open. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const page = `<!doctype html>
<title>A page with the stock client</title>
<script src="/sockjs.js"></script>
<script src="/eventbus.js"></script>
<script src="/app.js"></script>`;

const sdkPage = `<!doctype html>
<title>A page with the SDK</title>
<script src="/sdk.js"></script>
<script src="/sdk-app.js"></script>`;

function beside(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

function read(path: string): string {
  return readFileSync(`${modules}/${path}`, "utf8");
}
