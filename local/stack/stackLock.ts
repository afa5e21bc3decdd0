import { join } from "node:path";
import { findRunningStack } from "./stackFile.ts";

async function openLock(home: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(home, { recursive: true });
    return await Deno.open(join(home, "stack.lock"), { write: true, create: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.PermissionDenied)) throw cause;
    throw new Error(
      `Cannot write to '${home}' as it belongs to another user: start as that user, or with '--home <folder>'`,
      { cause },
    );
  }
}

/**
 * Makes sure that one supervisor at a time works in a folder. The lock is the system's, so a killed supervisor's is
 * free at once. Dispose to let go.
 */
export async function lockStack(home: string): Promise<Disposable> {
  const file = await openLock(home);
  if (await file.tryLock(true)) return { [Symbol.dispose]: () => file.close() };
  file.close();
  const running = await findRunningStack(home);
  const who = running === undefined
    ? "is just starting or stopping"
    : `runs at ${running.url} (process ${running.pid})`;
  throw new Error(
    `Cannot start as the stack of this checkout ${who}: stop it first, or start a second one with ` +
      "'--home <folder> --port 0 --db-port 0'",
  );
}
