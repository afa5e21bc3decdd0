import { join } from "node:path";

/** What a running server writes into `postmaster.pid`; a killed one leaves it behind. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** The last line: `starting`, `ready`, `stopping` or `standby`; absent while the file is being written. */
  readonly status?: string;
}

/** Reads the text of a `postmaster.pid`; `undefined` where it was cut off before the first line ended. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || lines.length < 2) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ...(lines[7] ? { status: lines[7] } : {}) };
}

/** The path of the file in a data folder. */
export function postmasterFilePath(dataFolder: string): string {
  return join(dataFolder, "postmaster.pid");
}

/** The data folder's `postmaster.pid`, where there is one. */
export async function readPostmasterFile(dataFolder: string): Promise<PostmasterFile | undefined> {
  try {
    return parsePostmasterFile(await Deno.readTextFile(postmasterFilePath(dataFolder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
