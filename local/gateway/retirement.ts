import type { ServeHandler } from "./captureServe.ts";
import type { BackgroundWork } from "./edgeRuntime.ts";
import { report, tell } from "./isolateOutput.ts";
import { closedLine } from "./isolateProtocol.ts";

/** So long without a request, and those sent before another isolate took over have all been read. */
const quietMs = 50;
const longestQuietWaitMs = 1_000;
/** Whoever stops the stack does not want to wait for endless event streams. */
const longestStreamAtShutdownMs = 1_000;

/** The end of an isolate: requests first, then `beforeunload`, then what `waitUntil` holds; all within a grace period. */
export class Retirement {
  readonly #background: BackgroundWork;
  #hasBegun = false;
  #lastRequestAt = 0;

  constructor(background: BackgroundWork) {
    this.#background = background;
  }

  /** The same handler until retirement begins; from then on its clients are asked to connect anew, to the successor. */
  watch(handler: ServeHandler): ServeHandler {
    return (request, info) => {
      if (!this.#hasBegun) return handler(request, info);
      this.#lastRequestAt = performance.now();
      return Promise.resolve(handler(request, info)).then(closeConnection);
    };
  }

  /** Ends this process; never resolves. */
  async begin(server: Deno.HttpServer, reason: string, graceMs: number): Promise<never> {
    if (this.#hasBegun) return await new Promise<never>(() => {});
    this.#hasBegun = true;
    setTimeout(() => {
      const left = `${this.#background.pending} promises pending after ${graceMs} ms`;
      report("Isolate retired with work left", new Error(left));
      Deno.exit(0);
    }, graceMs);
    const isShutdown = reason === "shutdown";
    const streamMs = isShutdown ? Math.min(graceMs / 2, longestStreamAtShutdownMs) : graceMs / 2;
    if (!isShutdown) await this.#quiet();
    const finished = server.shutdown();
    tell(closedLine);
    // Streams that outlast this end with the process, after what `beforeunload` and `waitUntil` have to do.
    await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, streamMs))]);
    dispatchEvent(new CustomEvent("beforeunload", { detail: { reason } }));
    await this.#background.settled();
    Deno.exit(0);
  }

  async #quiet(): Promise<void> {
    const startedAt = this.#lastRequestAt = performance.now();
    const isQuiet = () => performance.now() - this.#lastRequestAt >= quietMs;
    while (!isQuiet() && performance.now() - startedAt < longestQuietWaitMs) {
      await new Promise((resolve) => setTimeout(resolve, quietMs / 5));
    }
  }
}

function closeConnection(response: Response): Response {
  try {
    response.headers.set("connection", "close");
    return response;
  } catch {
    const headers = new Headers(response.headers); // Answers of fetch have headers that cannot be changed.
    headers.set("connection", "close");
    return new Response(response.body, { status: response.status, headers });
  }
}
