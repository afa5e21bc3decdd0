import { join } from "node:path";

/** A file of SQL. */
export interface SqlFile {
  readonly name: string;
  readonly text: string;
}

/** The SQL files of a folder in the order of their names; none where there is no such folder. */
export async function readSqlFiles(folder: string): Promise<SqlFile[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".sql")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  names.sort();
  return await Promise.all(names.map(async (name) => ({ name, text: await Deno.readTextFile(join(folder, name)) })));
}
