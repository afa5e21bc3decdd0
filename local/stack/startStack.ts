import { join } from "node:path";
import { startIsolatePool } from "../gateway/isolatePool.ts";
import { loadOrCreateKeys } from "../keys/projectKeys.ts";
import { startScheduler } from "../scheduler/scheduler.ts";
import { choosePort } from "./choosePort.ts";
import { Closers } from "./closers.ts";
import { functionEnv, readSecrets } from "./functionEnv.ts";
import { readStackFile, removeStackFile, type StackFile, writeStackFile } from "./stackFile.ts";
import { lockStack } from "./stackLock.ts";
import { startDatabase } from "./startDatabase.ts";
import type { StartOptions } from "./startOptions.ts";

/** Options of {@link startStack}. */
export interface StackOptions {
  readonly start: StartOptions;
  /** The checkout. */
  readonly projectFolder: string;
  /** What takes time, while the stack comes up and later. */
  readonly onProgress: (message: string) => void;
  /** What functions write. */
  readonly onLog: (line: string) => void;
}

/** A running stack. */
export interface Stack extends StackFile {
  /** Lets requests finish, then stops scheduler, functions and database. */
  stop(): Promise<void>;
}

async function bringUp(options: StackOptions, home: string, closers: Closers): Promise<StackFile> {
  const { start, projectFolder, onProgress, onLog } = options;
  const supabaseFolder = join(projectFolder, "supabase");
  const killed = await readStackFile(home);
  await removeStackFile(home);
  const patienceMs = killed?.url.endsWith(`:${start.port}`) ? 5_000 : 0;
  const port = await choosePort(start.port, { flag: "--port", purpose: "the gateway", patienceMs });
  const url = `http://127.0.0.1:${port}`;
  const [keys, secrets, dbUrl] = await Promise.all([
    loadOrCreateKeys(home),
    readSecrets(join(supabaseFolder, "functions")),
    startDatabase({ start, home, supabaseFolder, closers, onProgress }),
  ]);
  onProgress(`Starting the functions on port ${port}`);
  const pool = await startIsolatePool({
    port,
    env: { ...secrets, ...functionEnv({ url, dbUrl, keys }) },
    onLog: ({ text }) => onLog(text),
  });
  closers.add(() => pool.stop());
  const scheduler = await startScheduler({ dbUrl, gatewayUrl: url, secretKey: keys.secretKey, onLog });
  closers.add(() => scheduler.stop());
  const { publishableKey, secretKey } = keys;
  const file: StackFile = { url, dbUrl, publishableKey, secretKey, pid: Deno.pid };
  await writeStackFile(home, file);
  closers.add(() => removeStackFile(home));
  return file;
}

/** Brings everything up, in order; undoes what was done where a step fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const home = options.start.home ?? join(options.projectFolder, ".ballast");
  const lock = await lockStack(home);
  const closers = new Closers();
  closers.add(() => lock[Symbol.dispose]());
  try {
    const file = await bringUp(options, home, closers);
    return { ...file, stop: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll().catch((failure) => options.onProgress(String(failure)));
    throw error;
  }
}
