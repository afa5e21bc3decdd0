import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The one Postgres server of a run: started when the first step asks, stopped once at the end. */
export class TestDatabaseServer {
  #server: Promise<RunningServer> | undefined;

  constructor(private readonly root: string) {}

  /** The server's address. */
  async url(): Promise<string> {
    return (await (this.#server ??= this.#start())).url;
  }

  /** Stops the server if it was started. */
  async stop(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    this.#server = undefined;
    await server?.stop();
  }

  async #start(): Promise<RunningServer> {
    const file = join(this.root, "tests", "harness", "testServer.ts");
    const harness = await import(pathToFileURL(file).href) as { startTestServer(): Promise<RunningServer> };
    return await harness.startTestServer();
  }
}
