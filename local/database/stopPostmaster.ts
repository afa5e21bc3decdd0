import { postmasterFilePath, readPostmasterFile } from "./postmasterFile.ts";
import { isAlive, processesIn, signal, worksIn } from "./processes.ts";
import { waitUntil } from "./waitUntil.ts";

/** How hard a server is asked to stop, in turn: fast shutdown, immediate shutdown, the end. */
const escalation = [
  { name: "SIGINT", timeoutMs: 8_000 },
  { name: "SIGQUIT", timeoutMs: 3_000 },
  { name: "SIGKILL", timeoutMs: 2_000 },
] as const;

async function removePidFile(dataFolder: string): Promise<void> {
  await Deno.remove(postmasterFilePath(dataFolder)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Ends what a killed server left running: its backends hold the shared memory that the next server needs. */
async function endLeftovers(dataFolder: string): Promise<void> {
  const isEmpty = async () => (await processesIn(dataFolder)).length === 0;
  if (await waitUntil(isEmpty, { timeoutMs: 1_000 })) return;
  for (const pid of await processesIn(dataFolder)) signal(pid, "SIGKILL");
  await waitUntil(isEmpty, { timeoutMs: 2_000 });
}

/**
 * Stops the server of a data folder, whoever started it, and clears what a killed one left behind. Returns whether a
 * server was running.
 */
export async function stopPostmaster(dataFolder: string): Promise<boolean> {
  const file = await readPostmasterFile(dataFolder);
  const isRunning = file !== undefined && await worksIn(file.pid, dataFolder);
  if (isRunning) {
    const isGone = async () => !isAlive(file.pid) || (await readPostmasterFile(dataFolder))?.pid !== file.pid;
    for (const { name, timeoutMs } of escalation) {
      signal(file.pid, name);
      if (await waitUntil(isGone, { timeoutMs })) break;
    }
  }
  await endLeftovers(dataFolder);
  await removePidFile(dataFolder);
  return isRunning;
}
