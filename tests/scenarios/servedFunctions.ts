import { join } from "node:path";
import { onFreePort } from "../harness/onFreePort.ts";
import { type IsolatePool, type IsolatePoolOptions, startIsolatePool } from "../../local/gateway/isolatePool.ts";

/** Functions of a test, served by a real isolate. */
export interface ServedFunctions extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly pool: IsolatePool;
  /** What the isolates wrote, line by line. */
  readonly logs: string[];
  /** Resolves with the first line that contains `text`, already written or yet to come. */
  logged(text: string): Promise<string>;
  /** Writes a file under the functions folder. */
  write(path: string, text: string): Promise<void>;
}

/** Serves functions given as `{ "name/index.ts": source }` from a folder of their own. */
export async function serveFunctions(
  sources: Record<string, string>,
  options: Omit<Partial<IsolatePoolOptions>, "functionsFolder" | "onLog"> = {},
): Promise<ServedFunctions> {
  const folder = await Deno.makeTempDir({ prefix: "ballast-functions-" });
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(sources)) await write(path, text);
  const logs: string[] = [];
  const waiting: { text: string; resolve: (line: string) => void }[] = [];
  const onLog = ({ text }: { text: string }) => {
    logs.push(text);
    for (const waiter of waiting) if (text.includes(waiter.text)) waiter.resolve(text);
  };
  const startOn = async (port: number) => {
    const given = { env: {}, watch: false, ...options, port, functionsFolder: folder, onLog };
    return { port, pool: await startIsolatePool(given) };
  };
  const { port, pool } = await (options.port === undefined ? onFreePort(startOn) : startOn(options.port));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    folder,
    pool,
    logs,
    logged(text) {
      const line = logs.find((candidate) => candidate.includes(text));
      if (line !== undefined) return Promise.resolve(line);
      return new Promise((resolve) => waiting.push({ text, resolve }));
    },
    write,
    async [Symbol.asyncDispose]() {
      await pool.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
