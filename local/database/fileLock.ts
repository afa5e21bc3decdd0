/** Runs `work` while holding a lock on `file`; the lock of a killed process is free at once. */
export async function withFileLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  using lock = await Deno.open(file, { write: true, create: true });
  await lock.lock(true);
  return await work();
}
