import { fileURLToPath } from "node:url";
import { type IsolateLog, type IsolateProcess, startIsolateProcess } from "./isolateProcess.ts";
import { watchFolder } from "./watchFolder.ts";

/** Options of {@link startIsolatePool}. */
export interface IsolatePoolOptions {
  readonly port: number;
  /** What the hosted runtime would give the functions: URL, keys, key set, region. Asked anew for each isolate if a function. */
  readonly env: Record<string, string> | (() => Promise<Record<string, string>>);
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /** Replace the isolates when a function changes. @default true */
  readonly watch?: boolean;
  /** @default 1 */
  readonly isolates?: number;
  /** @default supabase/functions of this checkout */
  readonly functionsFolder?: string;
  /** @default deno.json of this checkout */
  readonly configFile?: string;
  /** How long a retired isolate may take to finish its work. @default 10_000 */
  readonly graceMs?: number;
  /** What the isolates write, and what becomes of them. @default nothing is told */
  readonly onLog?: (log: IsolateLog) => void;
}

/** The isolates that serve the functions. */
export interface IsolatePool {
  /** The ids of the isolates that take requests now. */
  readonly isolateIds: readonly string[];
  /** Replaces the isolates: new ones are ready before the old ones are retired. */
  restart(reason: string): Promise<void>;
  /** Retires all isolates. */
  stop(): Promise<void>;
}

/** Starting again after a crash waits this long, twice as long each time, and at most the longest. */
const crashBackOff = { firstMs: 100, longestMs: 5_000, forgottenAfterMs: 10_000 };

/** Throws `Deno.errors.AddrInUse` where something else listens: isolates share their port and would not notice. */
function checkPortIsFree(hostname: string, port: number): void {
  Deno.listen({ hostname, port }).close();
}

/** Starts the isolates, resolves when they accept requests, and keeps them running until `stop`. */
export async function startIsolatePool(options: IsolatePoolOptions): Promise<IsolatePool> {
  const {
    port,
    env,
    hostname = "127.0.0.1",
    watch = true,
    isolates = 1,
    functionsFolder = fileURLToPath(new URL("../../supabase/functions", import.meta.url)),
    configFile = fileURLToPath(new URL("../../deno.json", import.meta.url)),
    graceMs = 10_000,
    onLog = () => {},
  } = options;
  if (!Number.isInteger(isolates) || isolates < 1) {
    throw new RangeError(`Cannot start isolates as 'isolates' must be at least 1: current value is ${isolates}`);
  }
  checkPortIsFree(hostname, port);
  const reusePort = Deno.build.os !== "windows";
  const readEnv = async () => typeof env === "function" ? await env() : env;
  const tell = (text: string) => onLog({ isolateId: "pool", stream: "stderr", text });

  const serving = new Set<IsolateProcess>();
  const retiring = new Set<Promise<void>>();
  let isStopped = false;
  let crashes = 0;
  let cancelBackOff = () => {};

  async function add(peers = 0): Promise<void> {
    const startedAt = performance.now();
    const settings = { port, hostname, functionsFolder, reusePort, peers, graceMs };
    const isolate = await startIsolateProcess({ settings, env: await readEnv(), onLog, configFile });
    serving.add(isolate);
    isolate.exited.then((code) => {
      if (!serving.delete(isolate) || isStopped) return;
      if (performance.now() - startedAt > crashBackOff.forgottenAfterMs) crashes = 0;
      tell(`Isolate ${isolate.id} ended with code ${code}: starting another`);
      addAfterCrash();
    });
  }

  function addAfterCrash(): void {
    const delayMs = Math.min(crashBackOff.firstMs * 2 ** crashes++, crashBackOff.longestMs);
    const timer = setTimeout(async () => {
      try {
        await add();
        if (isStopped) await retireAll("shutdown");
      } catch (error) {
        tell(String(error));
        if (!isStopped) addAfterCrash();
      }
    }, delayMs);
    cancelBackOff = () => clearTimeout(timer);
  }

  function retire(isolate: IsolateProcess, reason: string): Promise<void> {
    serving.delete(isolate);
    const gone = isolate.drain(reason).finally(() => retiring.delete(gone));
    retiring.add(gone);
    return gone;
  }

  async function retireAll(reason: string): Promise<void> {
    await Promise.all([...serving].map((isolate) => retire(isolate, reason)));
  }

  async function replace(reason: string): Promise<void> {
    // One by one: what steers connections away from an isolate that is to go knows a single newcomer.
    for (const old of [...serving]) {
      if (isStopped) return;
      if (reusePort) await add(serving.size);
      const isGone = serving.has(old) ? retire(old, reason) : Promise.resolve();
      await (reusePort ? old.closed : isGone);
      if (!reusePort) await add();
    }
  }

  // Replacements never overlap: what changes during one is picked up by the next.
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  function restart(reason: string): Promise<void> {
    if (queued) return queued;
    const next: Promise<void> = running.catch(() => {}).then(() => {
      queued = undefined;
      running = next;
      return replace(reason);
    });
    return queued = next;
  }

  await Promise.all(Array.from({ length: isolates }, () => add()));
  const stopWatching = watch
    ? watchFolder(functionsFolder, () => restart("hot-reload").catch((error) => tell(String(error))), {
      onError: (error) => tell(`Cannot watch the functions, so changes need a restart: ${error}`),
    })
    : () => {};

  return {
    get isolateIds() {
      return [...serving].map((isolate) => isolate.id);
    },
    restart,
    async stop() {
      isStopped = true;
      stopWatching();
      cancelBackOff();
      await (queued ?? running).catch(() => {});
      await retireAll("shutdown");
      await Promise.all(retiring);
    },
  };
}
