import { join } from "node:path";

async function copyInto(source: string, target: string): Promise<void> {
  await Deno.mkdir(target, { recursive: true });
  await Deno.chmod(target, 0o755);
  for await (const entry of Deno.readDir(source)) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory) await copyInto(from, to);
    else if (entry.isSymlink) await Deno.symlink(await Deno.readLink(from), to);
    else {
      await Deno.copyFile(from, to);
      const mode = (await Deno.stat(from)).mode ?? 0o644;
      await Deno.chmod(to, mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/**
 * Copies a folder so that everyone can read it; done already where the target exists. Lands whole or not at all, and
 * two processes may copy at once.
 */
export async function copyTree(source: string, target: string): Promise<void> {
  if (await exists(target)) return;
  const partial = `${target}.${crypto.randomUUID()}`;
  try {
    await copyInto(source, partial);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => undefined);
    if (!(await exists(target))) throw error;
  }
}
