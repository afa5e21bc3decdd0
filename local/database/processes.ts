import process from "node:process";

/** Whether a process with this id exists. A zombie nobody reaps (a container without init) counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return true; // No /proc here: the signal's answer stands.
  }
}

/**
 * Whether process `pid` works in `folder`, as every process of a Postgres server does in its data folder. A stale pid
 * file may name a process of somebody else, which must not be taken for the server, let alone be killed.
 */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (Deno.build.os === "windows") return true;
  if (Deno.build.os === "linux") {
    const [at, wanted] = await Promise.all([
      Deno.readLink(`/proc/${pid}/cwd`).catch(() => undefined),
      Deno.realPath(folder).catch(() => folder),
    ]);
    return at === wanted;
  }
  const listing = await new Deno.Command("ps", { args: ["-o", "command=", "-p", String(pid)] }).output();
  return new TextDecoder().decode(listing.stdout).includes(folder);
}

/** The processes that work in `folder`. Only Linux tells; elsewhere the list is empty. */
export async function processesIn(folder: string): Promise<number[]> {
  if (Deno.build.os !== "linux") return [];
  const found: number[] = [];
  for (const entry of Deno.readDirSync("/proc")) {
    const pid = Number(entry.name);
    if (Number.isInteger(pid) && await worksIn(pid, folder)) found.push(pid);
  }
  return found;
}

/** Sends a signal; a process that is gone already is fine. */
export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
