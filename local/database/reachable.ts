import { dirname, resolve } from "node:path";
import type { ServerUser } from "./serverUser.ts";

/** What matters of a file for who may enter or read it. */
export interface FileRights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Whether `user` may read and enter something with these rights. */
export function mayEnter(rights: FileRights, user: ServerUser): boolean {
  const shift = rights.uid === user.uid ? 6 : rights.gid === user.gid ? 3 : 0;
  return ((rights.mode >> shift) & 0o1) === 0o1;
}

/** `path` and every folder above it, the root first. */
export function pathsDownTo(path: string): string[] {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  return parent === absolute ? [absolute] : [...pathsDownTo(parent), absolute];
}

/**
 * Whether `user` can get to `path`: every folder on the way lets it through. Parts that do not exist yet count as
 * passable, as we shall make them. Walks the real permissions, because "under /root" is neither needed nor enough.
 */
export async function isReachable(path: string, user: ServerUser): Promise<boolean> {
  for (const step of pathsDownTo(path)) {
    const info = await Deno.stat(step).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    if (info === undefined) return true;
    const rights = { mode: info.mode ?? 0o777, uid: info.uid ?? 0, gid: info.gid ?? 0 };
    if (!mayEnter(rights, user)) return false;
  }
  return true;
}
